/** WeHelp's "v2" codes: opaque tokens for a friend request, or for a room member who can be sent one. */
import { OpaqueTokens } from '../wechat/opaque-tokens';

/** The target of a code. */
export type V2Target =
  { readonly friendship: string } | { readonly contactId: string; readonly roomId: string };

const v2Pattern = /^v2_([0-9a-f]+)@stranger$/;

/** The codes of one remote. */
export class V2Codes {
  readonly #tokens = new OpaqueTokens();

  /** The code of a friend request. */
  encodeFriendship(friendship: string): string {
    return this.#encode({ friendship });
  }

  /** The code of a member of a room. */
  encodeMember(contactId: string, roomId: string): string {
    return this.#encode({ contactId, roomId });
  }

  /** The target of a code; undefined for an unknown or expired code. */
  decode(code: string): V2Target | undefined {
    const value = this.#tokens.resolve(v2Pattern.exec(code)?.[1] ?? '');
    return value === undefined ? undefined : (JSON.parse(value) as V2Target);
  }

  #encode(target: V2Target): string {
    return `v2_${this.#tokens.issue(JSON.stringify(target))}@stranger`;
  }
}
