/** The fields and sources of each content type. */
import type { ContentType } from '../../commands/content/content-types';
import type { ContentSource, Fields } from '../../nodes/shared/typed-inputs';
import type { Translator } from '../ui/translate.editor';
import type { FieldRow } from './object-editor.editor';

/** A field of structured content. */
interface ShapeField {
  readonly name: string;
  readonly kind: 'text' | 'number';
  readonly required?: true;
}

/** The form of a content type. */
interface ContentShape {
  /** The sources that make sense for it. */
  readonly sources: readonly ContentSource[];
  /** The fields of structured content. */
  readonly fields?: readonly ShapeField[];
}

const text: ContentShape = { sources: ['msg', 'flow', 'global', 'str', 'env', 'jsonata'] };
const file: ContentShape = { sources: ['msg', 'flow', 'global', 'str', 'bin', 'env', 'jsonata'] };
const post: ContentShape = { sources: ['msg', 'flow', 'global', 'json', 'str', 'env', 'jsonata'] };

function object(...fields: readonly ShapeField[]): ContentShape {
  return { sources: ['fields', ...post.sources], fields };
}

const optional = (...names: string[]): ShapeField[] => names.map((name) => ({ name, kind: 'text' }));

const shapes: Readonly<Record<ContentType, ContentShape>> = {
  Text: text,
  Image: file,
  Attachment: file,
  Video: file,
  Audio: file,
  Emoticon: file,
  Url: object(
    { name: 'url', kind: 'text', required: true },
    ...optional('title', 'description', 'thumbnailUrl'),
  ),
  MiniProgram: object(
    ...optional('appid', 'username', 'title', 'description', 'pagePath', 'thumbUrl', 'iconUrl'),
  ),
  Location: object(
    { name: 'latitude', kind: 'number', required: true },
    { name: 'longitude', kind: 'number', required: true },
    ...optional('name', 'address'),
  ),
  Contact: text,
  Post: post,
};

function shapeOf(type: string): ContentShape | undefined {
  return Object.hasOwn(shapes, type) ? shapes[type as ContentType] : undefined;
}

/** The sources of a content type; all of them for a type that this version does not know. */
export function sourcesOf(type: string): readonly ContentSource[] {
  return shapeOf(type)?.sources ?? [...file.sources, 'json'];
}

/** Whether a content type is a file. */
export function isFileType(type: string): boolean {
  return shapeOf(type) === file;
}

/** Whether a content type has fields. */
export function hasFields(type: string): boolean {
  return shapeOf(type)?.fields !== undefined;
}

/** The form rows of a content type's fields. */
export function fieldsOf(type: string, node: Translator): FieldRow[] {
  return (shapeOf(type)?.fields ?? []).map(({ name, kind, required = false }) => ({
    name,
    kind,
    required,
    label: node._(`content.field.${name}`),
  }));
}

/** Validates the fields of a content type. @returns the error message, or undefined */
export function fieldsError(type: string, fields: Fields, node: Translator): string | undefined {
  const missing = fieldsOf(type, node).find(({ name, required }) => required && !fields[name]?.value);
  if (missing) return node._('validation.missing', { field: missing.label });
  if (type === 'MiniProgram' && !fields.appid?.value && !fields.username?.value) {
    return node._('validation.miniProgram');
  }
  for (const [name, max] of [
    ['latitude', 90],
    ['longitude', 180],
  ] as const) {
    const field = type === 'Location' ? fields[name] : undefined;
    if (field?.type === 'num' && !(Math.abs(Number(field.value)) <= max)) {
      return node._('validation.range', { field: node._(`content.field.${name}`), most: String(max) });
    }
  }
  const { url } = type === 'Url' ? fields : {};
  return url?.type === 'str' && !URL.canParse(url.value) ? node._('validation.url') : undefined;
}
