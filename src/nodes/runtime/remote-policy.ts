/** The policy of a remote, from its properties. */
import type { FilePolicy } from '../../commands/command';
import type { AllowDenyRules } from '../../remotes/dispatch/command-policy';
import { type FilePolicyProperties, remoteFilePolicy } from '../../remotes/dispatch/file-policy';

/** The command and file policy of a remote. */
export function remotePolicy({ allow, deny, ...files }: AllowDenyRules & FilePolicyProperties): {
  permissions: AllowDenyRules;
  files: FilePolicy;
} {
  return { permissions: { allow, deny }, files: remoteFilePolicy(files) };
}
