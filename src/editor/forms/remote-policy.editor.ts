/** The part of a remote's form with its command and file policy. */
import { policyDefaults, type PolicyProperties } from '../../nodes/shared/remote-policy';
import { fetchCommands } from '../api/admin-client.editor';
import { element, formElement } from '../ui/dom.editor';
import { toChoices, showCatalogList } from './catalog-list.editor';
import type { Choice } from '../ui/checkbox-list.editor';
import { validator, numberError } from './validators.editor';

/** Property definitions for the `defaults` of `RED.nodes.registerType`. */
export const policyFields = {
  allow: { value: policyDefaults.allow },
  deny: { value: policyDefaults.deny },
  filesFrom: { value: policyDefaults.filesFrom },
  maxFileMb: { value: policyDefaults.maxFileMb, validate: validator('label.maxFileMb', numberError) },
  fetchPrivate: { value: policyDefaults.fetchPrivate },
};

/** A node with a policy; remotes whose clients cannot name files and URLs lack the properties for them. */
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
  const labelParts = [label(node, 'filesFrom', 'folder-open-o', folders.id), ' '];
  return [element('div', { class: 'form-row' }, ...labelParts, folders, hint(node, 'filesFrom'))];
}

function sizeRow(node: PolicyNode): HTMLElement {
  const size = element('input', { type: 'number', min: 0, id: 'node-input-maxFileMb' });
  size.value = String(node.maxFileMb);
  return element('div', { class: 'form-row' }, label(node, 'maxFileMb', 'file-o', size.id), ' ', size);
}

function privateFetchRows(node: PolicyNode): HTMLElement[] {
  if (node.fetchPrivate === undefined) return [];
  const checkbox = element('input', { type: 'checkbox', id: 'node-input-fetchPrivate' });
  checkbox.checked = node.fetchPrivate;
  const labelElement = element('label', { for: checkbox.id }, node._('label.fetchPrivate'));
  return [element('div', { class: 'wechat-check' }, checkbox, labelElement)];
}

/**
 * Fills the form's `<div id="wechat-policy"></div>`; to be called in `oneditprepare`.
 * @returns reads the lists, which have no input that Node-RED could save: to be assigned to the node in `oneditsave`.
 */
export function mountPolicyForm(node: PolicyNode): () => Pick<PolicyProperties, 'allow' | 'deny'> {
  const selected = { allow: [...node.allow], deny: [...node.deny] };
  formElement('wechat-policy').replaceChildren(
    listRow(node, 'allow', 'unlock'),
    listRow(node, 'deny', 'ban'),
    ...folderRows(node),
    sizeRow(node),
    ...privateFetchRows(node),
  );
  const showCommands = (commands: readonly Choice[]): void => {
    const preset = { value: 'read-only', label: 'read-only', summary: node._('hint.readOnly') };
    const lists = { allow: [preset, ...commands], deny: commands };
    for (const property of ['allow', 'deny'] as const) {
      showCatalogList(`wechat-${property}`, {
        title: node._(`label.${property}`),
        choices: lists[property],
        selected: selected[property],
        onChange: (names) => {
          selected[property] = names;
        },
      });
    }
  };
  showCommands([]);
  fetchCommands().then(
    (table) => {
      showCommands(toChoices(table));
    },
    () => undefined,
  );
  return () => selected;
}
