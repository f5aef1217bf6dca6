/** What each kind of content asks for. */
import type { ContentType } from '../../commands/content/content-types';
import type { ContentSource, Fields } from '../../nodes/shared/typed-inputs';
import type { Translator } from '../ui/translate';
import type { FieldRow } from './object-editor.editor';

/** A field of an object that is sent. */
interface ShapeField {
  readonly name: string;
  readonly kind: 'text' | 'number';
  readonly required?: true;
}

/** What a kind of content is made of. */
interface Shape {
  /** Where it can sensibly come from. */
  readonly sources: readonly ContentSource[];
  /** The fields of what is an object. */
  readonly fields?: readonly ShapeField[];
}

const text: Shape = { sources: ['msg', 'flow', 'global', 'str', 'env', 'jsonata'] };
const file: Shape = { sources: ['msg', 'flow', 'global', 'str', 'bin', 'env', 'jsonata'] };
const post: Shape = { sources: ['msg', 'flow', 'global', 'json', 'str', 'env', 'jsonata'] };

function object(...fields: readonly ShapeField[]): Shape {
  return { sources: ['fields', ...post.sources], fields };
}

const optional = (...names: string[]): ShapeField[] => names.map((name) => ({ name, kind: 'text' }));

const shapes: Readonly<Record<ContentType, Shape>> = {
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

function shapeOf(kind: string): Shape | undefined {
  return Object.hasOwn(shapes, kind) ? shapes[kind as ContentType] : undefined;
}

/** Where content of a kind can come from; everywhere for a kind this version does not know. */
export function sourcesOf(kind: string): readonly ContentSource[] {
  return shapeOf(kind)?.sources ?? [...file.sources, 'json'];
}

/** Whether content of a kind is a file. */
export function isFile(kind: string): boolean {
  return shapeOf(kind) === file;
}

/** Whether content of a kind has fields. */
export function hasFields(kind: string): boolean {
  return shapeOf(kind)?.fields !== undefined;
}

/** The rows in which the fields of a kind are filled in. */
export function rowsOf(kind: string, node: Translator): FieldRow[] {
  return (shapeOf(kind)?.fields ?? []).map(({ name, kind: fieldKind, required = false }) => ({
    name,
    kind: fieldKind,
    required,
    label: node._(`content.field.${name}`),
  }));
}

/** What is wrong with the fields of a kind, in words. */
export function wrongFields(kind: string, fields: Fields, node: Translator): string | undefined {
  const missing = rowsOf(kind, node).find(({ name, required }) => required && !fields[name]?.value);
  if (missing) return node._('wrong.missing', { field: missing.label });
  if (kind === 'MiniProgram' && !fields.appid?.value && !fields.username?.value) {
    return node._('wrong.miniProgram');
  }
  for (const [name, most] of [
    ['latitude', 90],
    ['longitude', 180],
  ] as const) {
    const field = kind === 'Location' ? fields[name] : undefined;
    if (field?.type === 'num' && !(Math.abs(Number(field.value)) <= most)) {
      return node._('wrong.range', { field: node._(`content.field.${name}`), most: String(most) });
    }
  }
  const { url } = kind === 'Url' ? fields : {};
  return url?.type === 'str' && !URL.canParse(url.value) ? node._('wrong.url') : undefined;
}
