/** The saved properties by which the owner of a remote limits what programs may do through it. */
import type { SavedNumber } from '../bot/properties';

/** What a flow keeps of every remote. */
export interface PolicyProperties {
  /** Names of the commands that may be called; none means all, `read-only` all that change nothing. */
  allow: string[];
  /** Names of the commands that may not be called even so. */
  deny: string[];
  /** Folders whose files may be sent, one a line; empty for none. */
  filesFrom: string;
  /** Larger files are refused, in MB. */
  maxFileMb: SavedNumber;
  /** Whether URLs may lead to private, loopback and link-local addresses. */
  fetchPrivate: boolean;
}

/** A new remote lets programs do everything but read files and reach private addresses. */
export const policyDefaults: PolicyProperties = {
  allow: [],
  deny: [],
  filesFrom: '',
  maxFileMb: '20',
  fetchPrivate: false,
};
