/** Validators of typed inputs. */
import { parseFields } from '../../nodes/shared/typed-inputs';
import { hasFields, isFileType, fieldsError } from './content-fields.editor';
import type { Translator } from '../ui/translate.editor';
import { validator, siblingValue } from './validators.editor';

/** Validates a value by Node-RED's own rules for its type. @returns the error message, or undefined */
export function typedError(value: string, type: string, node: Translator): string | undefined {
  const result = RED.utils.validateTypedProperty(value, type, {});
  if (result === true) return undefined;
  return typeof result === 'string' ? result : node._('validation.value');
}

/** Validates the content of a message. @returns the error message, or undefined */
export function contentError(
  contentType: string,
  type: string,
  value: string,
  node: Translator,
): string | undefined {
  if (type === 'fields') {
    try {
      return hasFields(contentType)
        ? fieldsError(contentType, parseFields(value), node)
        : node._('validation.noFields');
    } catch {
      return node._('validation.fields');
    }
  }
  if (type !== 'str') return typedError(value, type, node);
  if (value.trim() === '')
    return node._(isFileType(contentType) ? 'validation.noFile' : 'validation.noContent');
  const isBareUrl = contentType === 'Url' && !/^\s*[{$]/.test(value);
  return isBareUrl && !URL.canParse(value.trim()) ? node._('validation.url') : undefined;
}

/** The validator of the property `content`. */
export const contentValidator = validator<Translator & { contentType: string; contentValueType: string }>(
  'label.content',
  (value, node) =>
    contentError(
      siblingValue('contentType', node.contentType),
      siblingValue('contentValueType', node.contentValueType),
      value,
      node,
    ),
);

/** The validator of a typed input whose source is saved as `<id>Type`; `textError` checks literal text. */
export function typedValidator(
  id: string,
  textError: (value: string, node: Translator) => string | undefined = () => undefined,
): (this: Translator, value: string) => boolean {
  return validator<Translator>(`label.${id}`, (value, node) => {
    const saved = (node as Translator & Readonly<Record<string, unknown>>)[`${id}Type`];
    const type = siblingValue(`${id}Type`, typeof saved === 'string' ? saved : 'str');
    return type === 'str' ? textError(value, node) : typedError(value, type, node);
  });
}
