/** What a puppet of our own can do beyond Wechaty's puppets; each part is optional. */
import type { Puppet } from 'wechaty-puppet';
import type { ErrorCode } from '../errors';

/** Events of our own puppets that Wechaty does not have; the event table must have an entry for each. */
export const extraEvents = ['sent', 'invitation', 'contact-leave'] as const;

/** A QR code for one more person. */
export interface Invitation {
  readonly id: string;
  readonly url: string;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

/** A person who is connected to a bot that many can join, and what may be sent to that person. */
export interface ConnectedPerson {
  readonly id: string;
  readonly alias: string;
  /** Messages that may still be sent until the person writes again, of how many. */
  readonly left: number;
  readonly of: number;
  /** When that ends, in ms since 1970; 0: it has ended. */
  readonly until: number;
  /** Messages held for the person. */
  readonly held: number;
}

/** The methods. */
export interface PuppetExtras {
  /** Gives the digits that the phone shows during a login. @returns whether they were awaited */
  submitVerifyCode?(code: string, invitationId?: string): boolean;
  /** A QR code with which one more person joins. */
  createInvitation?(): Promise<Invitation>;
  /** The people who have joined. */
  people?(): ConnectedPerson[];
  /** Shows a person, or ceases to show, that the bot is typing. */
  showTyping?(contactId: string, isTyping: boolean): Promise<void>;
  /**
   * What became of a send, by the id that it returned: `pending` when it is held and an event `sent` will follow,
   * `unconfirmed` when WeChat gave no id for it; undefined or `sent` otherwise.
   */
  sendState?(id: string): 'sent' | 'pending' | 'unconfirmed' | undefined;
}

/** What a puppet has beyond Wechaty's puppets; nothing without a puppet. */
export function extrasOf(puppet: Puppet | undefined): PuppetExtras {
  return (puppet ?? {}) as PuppetExtras;
}

const codes: readonly ErrorCode[] = ['RATE_LIMITED', 'NOT_FOUND', 'INVALID_PARAMS', 'FAILED'];

/** Whether a puppet's error has a code of our list. */
export function isPuppetErrorCode(code: unknown): code is ErrorCode {
  return codes.some((known) => known === code);
}
