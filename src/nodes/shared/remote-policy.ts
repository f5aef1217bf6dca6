/** The saved properties that restrict the clients of a remote. */
import { boolean, list, number, text } from './property-types';

/** Which commands a remote may run. */
export const commandPolicyTypes = {
  /** Names of the allowed commands; an empty list: all; `read-only`: all without side effects. */
  allow: list(),
  /** Names of the denied commands; takes precedence over `allow`. */
  deny: list(),
};

/** Which files a remote may send. */
export const filePolicyTypes = {
  /** Folders whose files may be sent, one per line; empty: none. */
  filesFrom: text(),
  /** Maximum size of a file, in MB. */
  maxFileMb: number('20'),
  /** Whether URLs may resolve to private, loopback and link-local addresses. */
  fetchPrivate: boolean(false),
};
