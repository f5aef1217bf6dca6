/** The content of a message: what it is, where it comes from, and how it must look. */
import { type ContentType, contentTypes } from '../../commands/content-types';
import type { ContentSource } from '../typed-inputs';
import { element, formElement } from './dom.editor';

/** Where content of each kind can sensibly come from. */
const sources: Readonly<Record<'text' | 'file' | 'object', readonly ContentSource[]>> = {
  text: ['msg', 'flow', 'global', 'str', 'env', 'jsonata'],
  file: ['msg', 'flow', 'global', 'str', 'bin', 'env', 'jsonata'],
  object: ['msg', 'flow', 'global', 'json', 'str', 'env', 'jsonata'],
};

const shapes: Readonly<Record<ContentType, keyof typeof sources>> = {
  Text: 'text',
  Image: 'file',
  Attachment: 'file',
  Video: 'file',
  Audio: 'file',
  Emoticon: 'file',
  Url: 'object',
  MiniProgram: 'object',
  Location: 'object',
  Contact: 'text',
  Post: 'object',
};

/** A node with content in its form. */
interface ContentNode {
  readonly contentType: string;
  _(key: string): string;
}

/**
 * Brings the content fields of the form to life.
 * @param typeChanged is told the kind of content, at once and after every change.
 */
export function prepareContent(node: ContentNode, typeChanged?: (type: string) => void): void {
  const kind = formElement('node-input-contentType');
  // A kind this version does not know stays as it is saved.
  for (const type of new Set<string>([...contentTypes, node.contentType])) {
    const known = (contentTypes as readonly string[]).includes(type);
    kind.append(element('option', { value: type }, known ? node._(`content.type.${type}`) : type));
  }
  const field = $('#node-input-content');
  field.typedInput({
    default: 'msg',
    types: [...sources.file, 'json'],
    typeField: '#node-input-contentValueType',
  });
  $(kind)
    .val(node.contentType)
    .on('change', () => {
      const type = $(kind).val()?.toString() ?? '';
      const shape = (shapes as Readonly<Record<string, keyof typeof sources>>)[type];
      field.typedInput('types', [...sources[shape ?? 'file']]);
      formElement('wechat-content-hint').textContent = shape ? node._(`content.hint.${type}`) : '';
      typeChanged?.(type);
    })
    .trigger('change');
}
