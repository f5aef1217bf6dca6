/** The content of a message in the form of a node: what it is, and the content itself. */
import { contentTypes } from '../../commands/content/content-types';
import { contentInput } from './content-input.editor';
import type { Translator } from '../ui/translate';
import { element, formElement } from '../ui/dom.editor';

/** A node with content in its form. */
interface ContentNode extends Translator {
  readonly contentType: string;
  readonly contentValueType: string;
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
  const input = contentInput({
    id: 'node-input-content',
    typeField: '#node-input-contentValueType',
    source: node.contentValueType,
    node,
  });
  let hint = '';
  const showHint = (): void => {
    // Fields say themselves what they are.
    formElement('wechat-content-hint').textContent = input.read().type === 'fields' ? '' : hint;
  };
  $('#node-input-content').on('change', showHint);
  const show = (chosen: boolean): void => {
    const type = $(kind).val()?.toString() ?? '';
    const known = (contentTypes as readonly string[]).includes(type);
    hint = known ? node._(`content.hint.${type}`) : '';
    input.show(type, chosen);
    showHint();
    typeChanged?.(type);
  };
  $(kind)
    .val(node.contentType)
    .on('change', () => {
      show(true);
    });
  show(false);
}
