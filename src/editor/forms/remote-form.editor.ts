/** What the editor halves of all remotes share: labels, the form's life cycle, and who may do what. */
import type { Declaration } from '../../nodes/shared/declaration';
import type { Versioned } from '../../nodes/shared/migrations';
import type { SavedList } from '../../nodes/shared/property-types';
import { filePolicyTypes, commandPolicyTypes } from '../../nodes/shared/remote-policy';
import { fetchCommands } from '../api/admin-client.editor';
import type { Choice } from '../ui/checkbox-list.editor';
import type { Translator } from '../ui/translate.editor';
import { type CatalogList, catalogList, toChoices } from './catalog-list.editor';
import { prepareForm } from './prepare-form.editor';
import { numberError, validator } from './validators.editor';

/** Property definitions for the `defaults` of `RED.nodes.registerType`; see `command-policy.html`. */
export const commandPolicyFields = {
  allow: { value: commandPolicyTypes.allow.initial },
  deny: { value: commandPolicyTypes.deny.initial },
};

/** The same for `file-policy.html`. */
export const filePolicyFields = {
  filesFrom: { value: filePolicyTypes.filesFrom.initial },
  maxFileMb: {
    value: filePolicyTypes.maxFileMb.initial,
    validate: validator('label.maxFileMb', numberError),
  },
  fetchPrivate: { value: filePolicyTypes.fetchPrivate.initial },
};

/** The properties that the shared part reads and writes. */
interface RemoteNode extends Translator {
  name: string;
  allow: SavedList;
  deny: SavedList;
}

/** A list of names in the form of one remote. */
export interface RemoteList {
  /** The id of the element that is to contain the list. */
  readonly container: string;
  /** The choices, which may be fetched; without them, the saved names are shown. */
  readonly choices: (node: Translator) => readonly Choice[] | Promise<readonly Choice[]>;
}

/** The protocol-specific part of a remote's form. */
export interface RemoteForm<Saved extends object, Values extends object> {
  readonly declaration: Declaration<Saved, Values>;
  /** Lists of names besides those of commands, by property. */
  readonly lists?: Readonly<Record<string, RemoteList>>;
  /** Called when the rest of the form is prepared. */
  readonly onPrepare?: (node: Translator) => void;
}

/** The allowed and the denied commands. */
const policyLists: Readonly<Record<'allow' | 'deny', RemoteList>> = {
  allow: {
    container: 'wechat-allow',
    choices: async (node) => {
      const preset = { value: 'read-only', label: 'read-only', summary: node._('hint.readOnly') };
      return [preset, ...toChoices(await fetchCommands())];
    },
  },
  deny: { container: 'wechat-deny', choices: async () => toChoices(await fetchCommands()) },
};

/** Members of the definition of a remote for `RED.nodes.registerType`. */
interface RemoteDefinition<Saved> {
  readonly paletteLabel: (this: Translator) => string;
  readonly label: (this: RemoteNode) => string;
  readonly labelStyle: (this: RemoteNode) => string;
  readonly outputLabels: (this: Translator) => string;
  readonly oneditprepare: (this: RemoteNode & Partial<Saved & Versioned>) => void;
  readonly oneditsave: (this: RemoteNode) => void;
}

/**
 * The members of a remote's definition for `RED.nodes.registerType` that all remotes share. The definition names each of
 * them, because the Flow Library reads it without running it and does not know spreads.
 */
export function remoteForm<Saved extends object, Values extends object>({
  declaration,
  lists = {},
  onPrepare,
}: RemoteForm<Saved, Values>): RemoteDefinition<Saved> {
  const allLists = { ...lists, ...policyLists };
  let open: [property: string, list: CatalogList<string>][] = [];
  return {
    paletteLabel(this: Translator): string {
      return this._('palette.label');
    },
    label(this: RemoteNode): string {
      return this.name || this._('palette.label');
    },
    labelStyle(this: RemoteNode): string {
      return this.name ? 'node_label_italic' : '';
    },
    outputLabels(this: Translator): string {
      return this._('palette.output');
    },
    oneditprepare(this: RemoteNode & Partial<Saved & Versioned>): void {
      prepareForm<Saved, Values>(this, declaration);
      const saved = this as Readonly<Record<string, unknown>>;
      open = Object.entries(allLists).map(([property, { container, choices }]) => {
        const title = this._(`label.${property}`);
        const list = catalogList({ container, title, node: this, saved: saved[property] as SavedList });
        // Without the choices, the saved names can still be seen and cleared.
        Promise.resolve(choices(this)).then(
          (known) => {
            list.show(known);
          },
          () => undefined,
        );
        return [property, list];
      });
      onPrepare?.(this);
    },
    oneditsave(this: RemoteNode): void {
      Object.assign(this, Object.fromEntries(open.map(([property, list]) => [property, list.read()])));
    },
  };
}
