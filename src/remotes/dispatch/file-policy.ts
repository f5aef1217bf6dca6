/** Which files the clients of a remote may send: they are untrusted. */
import type { FilePolicy } from '../../commands/command';

/** File policy as saved in a node's properties. */
export interface FilePolicyProperties {
  /** Folders whose files may be sent, one per line; empty for none. */
  readonly filesFrom: string;
  /** Maximum file size in MB. */
  readonly maxFileMb: number;
  /** Whether URLs may point to private, loopback and link-local addresses. */
  readonly fetchPrivate: boolean;
}

/** Converts saved properties to the file policy of the command table. */
export function remoteFilePolicy({ filesFrom, maxFileMb, fetchPrivate }: FilePolicyProperties): FilePolicy {
  const folders = filesFrom
    .split('\n')
    .map((folder) => folder.trim())
    .filter(Boolean);
  return {
    local: folders,
    privateAddresses: fetchPrivate ? 'allow' : 'refuse',
    maxBytes: maxFileMb * 1024 * 1024,
  };
}
