/** The content of a message in the form of a node: content type and content. */
import { contentTypes } from '../../commands/content/content-types';
import { isVariable } from './variable-field.editor';
import { contentInput } from './content-input.editor';
import type { Translator } from '../ui/translate.editor';
import { element, formElement } from '../ui/dom.editor';

/** A node with a content field. */
interface ContentNode extends Translator {
  readonly contentType: string;
  readonly contentValueType: string;
}

/** Whether a content type is, or may be, a text, which alone can mention; by default that of the open form. */
export function isTextPossible(type = $('#node-input-contentType').val()?.toString() ?? ''): boolean {
  return type === 'Text' || isVariable(type);
}

/**
 * Initializes the content fields of the form.
 * @param onTypeChange called with the content type, initially and after every change.
 */
export function initContentField(node: ContentNode, onTypeChange?: (type: string) => void): void {
  const select = formElement('node-input-contentType');
  // A content type that this version does not know is kept.
  for (const type of new Set<string>([...contentTypes, node.contentType])) {
    const known = (contentTypes as readonly string[]).includes(type);
    select.append(element('option', { value: type }, known ? node._(`content.type.${type}`) : type));
  }
  const input = contentInput({
    id: 'node-input-content',
    typeField: '#node-input-contentValueType',
    source: node.contentValueType,
    node,
  });
  let hint = '';
  const showHint = (): void => {
    // Each field has a label of its own.
    formElement('wechat-content-hint').textContent = input.read().type === 'fields' ? '' : hint;
  };
  $('#node-input-content').on('change', showHint);
  const show = (isUserChange: boolean): void => {
    const type = $(select).val()?.toString() ?? '';
    const known = (contentTypes as readonly string[]).includes(type);
    hint = known ? node._(`content.hint.${type}`) : '';
    input.show(type, isUserChange);
    showHint();
    onTypeChange?.(type);
  };
  $(select)
    .val(node.contentType)
    .on('change', () => {
      show(true);
    });
  show(false);
}
