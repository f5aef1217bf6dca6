/** The command and file policy in the form of a remote; see `command-policy.html` and `file-policy.html`. */
import type { Translator } from '../ui/translate.editor';
import { policyDefaults, type PolicyProperties } from '../../nodes/shared/remote-policy';
import { fetchCommands } from '../api/admin-client.editor';
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

/** A node with a command policy. */
type PolicyNode = Pick<PolicyProperties, 'allow' | 'deny'> & Translator;

/**
 * Mounts the lists of the partial `command-policy.html`; to be called in `oneditprepare`.
 * @returns reads the lists, which have no input that Node-RED could save: to be assigned to the node in `oneditsave`.
 */
export function mountPolicyForm(node: PolicyNode): () => Pick<PolicyProperties, 'allow' | 'deny'> {
  const selected = { allow: [...node.allow], deny: [...node.deny] };
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
