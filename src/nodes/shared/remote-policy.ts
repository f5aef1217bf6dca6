/** The saved properties that restrict the clients of a remote. */
import type { SavedNumber } from './saved-number';

/** Policy properties of every remote. */
export interface PolicyProperties {
  /** Names of the allowed commands; an empty list: all; `read-only`: all without side effects. */
  allow: string[];
  /** Names of the denied commands; takes precedence over `allow`. */
  deny: string[];
  /** Folders whose files may be sent, one per line; empty: none. */
  filesFrom: string;
  /** Maximum size of a file, in MB. */
  maxFileMb: SavedNumber;
  /** Whether URLs may resolve to private, loopback and link-local addresses. */
  fetchPrivate: boolean;
}

/** The policy of a new node: all commands, no local files, no private addresses. */
export const policyDefaults: PolicyProperties = {
  allow: [],
  deny: [],
  filesFrom: '',
  maxFileMb: '20',
  fetchPrivate: false,
};
