/** WeHelp's "v2": stands for a friend request, or for a member of a room who could be asked to be a friend. */
import { Tickets } from '../wechat/opaque-tokens';

/** What a code stands for. */
export type Coded = { readonly friendship: string } | { readonly contactId: string; readonly roomId: string };

const form = /^v2_([0-9a-f]+)@stranger$/;

/** The codes of one remote. */
export class Codes {
  readonly #tickets = new Tickets();

  /** The code of a friend request. */
  ofRequest(friendship: string): string {
    return this.#code({ friendship });
  }

  /** The code of a member of a room. */
  ofMember(contactId: string, roomId: string): string {
    return this.#code({ contactId, roomId });
  }

  /** What a code stands for; undefined if it is none of ours, or too old. */
  read(code: string): Coded | undefined {
    const thing = this.#tickets.friendshipOf(form.exec(code)?.[1] ?? '');
    return thing === undefined ? undefined : (JSON.parse(thing) as Coded);
  }

  #code(coded: Coded): string {
    return `v2_${this.#tickets.issue(JSON.stringify(coded))}@stranger`;
  }
}
