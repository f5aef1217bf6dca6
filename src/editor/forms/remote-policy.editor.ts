/** The part of a remote's form in which its owner limits what programs may do through it. */
import { policyDefaults, type PolicyProperties } from '../../nodes/shared/remote-policy';
import { fetchCommands } from '../api/admin-client.editor';
import { element, formElement } from '../ui/dom.editor';
import { choicesOf, showNames } from './catalog-list.editor';
import type { Choice } from '../ui/checkbox-list.editor';
import { checked, wrongNumber } from './validators.editor';

/** For the `defaults` of `RED.nodes.registerType`. */
export const policyFields = {
  allow: { value: policyDefaults.allow },
  deny: { value: policyDefaults.deny },
  filesFrom: { value: policyDefaults.filesFrom },
  maxFileMb: { value: policyDefaults.maxFileMb, validate: checked('label.maxFileMb', wrongNumber) },
  fetchPrivate: { value: policyDefaults.fetchPrivate },
};

/** A node with such a part in its form; where programs cannot name files and URLs, it has nothing about them. */
type PolicyNode = Pick<PolicyProperties, 'allow' | 'deny' | 'maxFileMb'> &
  Partial<PolicyProperties> & { _(key: string): string };

function label(node: PolicyNode, property: string, icon: string, target: string): HTMLElement {
  return element(
    'label',
    target ? { for: target } : {},
    element('i', { class: `fa fa-${icon}` }),
    ' ',
    element('span', {}, node._(`label.${property}`)),
  );
}

function hint(node: PolicyNode, property: string): HTMLElement {
  return element('div', { class: 'wechat-hint' }, node._(`hint.${property}`));
}

function listRow(node: PolicyNode, property: 'allow' | 'deny', icon: string): HTMLElement {
  const row = element('div', { class: 'form-row' }, label(node, property, icon, ''), ' ');
  row.append(element('div', { class: 'wechat-beside', id: `wechat-${property}` }));
  if (property === 'allow') row.append(hint(node, property));
  return row;
}

function folderRows(node: PolicyNode): HTMLElement[] {
  if (node.filesFrom === undefined) return [];
  const folders = element('textarea', { id: 'node-input-filesFrom', rows: 2, style: 'width: 70%' });
  folders.value = node.filesFrom;
  const words = [label(node, 'filesFrom', 'folder-open-o', folders.id), ' '];
  return [element('div', { class: 'form-row' }, ...words, folders, hint(node, 'filesFrom'))];
}

function sizeRow(node: PolicyNode): HTMLElement {
  const size = element('input', { type: 'number', min: 0, id: 'node-input-maxFileMb' });
  size.value = String(node.maxFileMb);
  return element('div', { class: 'form-row' }, label(node, 'maxFileMb', 'file-o', size.id), ' ', size);
}

function reachRows(node: PolicyNode): HTMLElement[] {
  if (node.fetchPrivate === undefined) return [];
  const reach = element('input', { type: 'checkbox', id: 'node-input-fetchPrivate' });
  reach.checked = node.fetchPrivate;
  const words = element('label', { for: reach.id }, node._('label.fetchPrivate'));
  return [element('div', { class: 'wechat-check' }, reach, words)];
}

/**
 * Fills the form's `<div id="wechat-policy"></div>`; to be called in `oneditprepare`.
 * @returns what is chosen in the lists, which have no input of their own: to be assigned to the node in `oneditsave`.
 */
export function showPolicy(node: PolicyNode): () => Pick<PolicyProperties, 'allow' | 'deny'> {
  const chosen = { allow: [...node.allow], deny: [...node.deny] };
  formElement('wechat-policy').replaceChildren(
    listRow(node, 'allow', 'unlock'),
    listRow(node, 'deny', 'ban'),
    ...folderRows(node),
    sizeRow(node),
    ...reachRows(node),
  );
  const showCommands = (commands: readonly Choice[]): void => {
    const preset = { value: 'read-only', label: 'read-only', summary: node._('hint.readOnly') };
    const lists = { allow: [preset, ...commands], deny: commands };
    for (const property of ['allow', 'deny'] as const) {
      showNames(`wechat-${property}`, {
        title: node._(`label.${property}`),
        choices: lists[property],
        chosen: chosen[property],
        changed: (names) => {
          chosen[property] = names;
        },
      });
    }
  };
  showCommands([]);
  fetchCommands().then(
    (table) => {
      showCommands(choicesOf(table));
    },
    () => undefined,
  );
  return () => chosen;
}
