/** Validators of fields that may be typed in or come from elsewhere. */
import { parseFields } from '../../nodes/shared/typed-inputs';
import { hasFields, isFile, wrongFields } from './content-fields.editor';
import type { Translator } from '../ui/translate';
import { checked, siblingValue } from './validators.editor';

/** What Node-RED's published types leave out. */
interface TypedChecks {
  validateTypedProperty(value: string, type: string, options: object): boolean | string;
}

/** What Node-RED has against a value of one of its own types. */
export function wrongTyped(value: string, type: string, node: Translator): string | undefined {
  const result = (RED.utils as unknown as TypedChecks).validateTypedProperty(value, type, {});
  if (result === true) return undefined;
  return typeof result === 'string' ? result : node._('wrong.value');
}

/** What is wrong with the content of a message of this kind. */
export function wrongContent(
  kind: string,
  type: string,
  value: string,
  node: Translator,
): string | undefined {
  if (type === 'fields') {
    try {
      return hasFields(kind) ? wrongFields(kind, parseFields(value), node) : node._('wrong.noFields');
    } catch {
      return node._('wrong.fields');
    }
  }
  if (type !== 'str') return wrongTyped(value, type, node);
  if (value.trim() === '') return node._(isFile(kind) ? 'wrong.noFile' : 'wrong.noContent');
  const isBare = kind === 'Url' && !/^\s*[{$]/.test(value);
  return isBare && !URL.canParse(value.trim()) ? node._('wrong.url') : undefined;
}

/** The validator of the property `content`. */
export const validContent = checked<Translator & { contentType: string; contentValueType: string }>(
  'label.content',
  (value, node) =>
    wrongContent(
      siblingValue('contentType', node.contentType),
      siblingValue('contentValueType', node.contentValueType),
      value,
      node,
    ),
);

/** The validator of a typed input whose source is saved as `<id>Type`; `wrongText` checks what is typed in as text. */
export function validTyped(
  id: string,
  wrongText: (value: string, node: Translator) => string | undefined = () => undefined,
): (this: Translator, value: string) => boolean {
  return checked<Translator>(`label.${id}`, (value, node) => {
    const saved = (node as Translator & Readonly<Record<string, unknown>>)[`${id}Type`];
    const type = siblingValue(`${id}Type`, typeof saved === 'string' ? saved : 'str');
    return type === 'str' ? wrongText(value, node) : wrongTyped(value, type, node);
  });
}
