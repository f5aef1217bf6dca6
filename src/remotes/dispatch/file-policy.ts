/** Which files a remote may have sent: strangers speak through it. */
import type { FilePolicy } from '../../commands/command';

/** What an owner chose in a node's form. */
export interface FileChoices {
  /** Folders whose files may be sent, one a line; empty for none. */
  readonly filesFrom: string;
  /** Larger files are refused, in MB. */
  readonly maxFileMb: number;
  /** Whether URLs may lead to private, loopback and link-local addresses. */
  readonly fetchPrivate: boolean;
}

/** The policy for a remote. */
export function remoteFilePolicy({ filesFrom, maxFileMb, fetchPrivate }: FileChoices): FilePolicy {
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
