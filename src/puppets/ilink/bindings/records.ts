/** What the puppet stores, as JSON. */
import type { Media } from '../client/wire-types';

/** A person who has scanned a QR code, with the bot that WeChat made for that. */
export interface Binding {
  readonly userId: string;
  readonly botId: string;
  readonly token: string;
  readonly baseUrl: string;
  /** In ms since 1970. */
  readonly boundAt: number;
}

/** A quoted message. */
export interface Quote {
  /** Empty when WeChat gives none. */
  readonly id: string;
  /** Empty when it is not known. */
  readonly text: string;
  /** The id of the contact who wrote it; empty when it is not known. */
  readonly talkerId: string;
}

/** What a message is. */
export type MessageKind = 'text' | 'image' | 'voice' | 'file' | 'video' | 'other';

/** A message of a conversation, of either side. */
export interface StoredMessage {
  readonly id: string;
  readonly userId: string;
  /** Whether the bot has sent it. */
  readonly isOwn: boolean;
  readonly kind: MessageKind;
  /** The text; of a voice its transcript. */
  readonly text: string;
  /** In ms since 1970. */
  readonly timestamp: number;
  readonly fileName?: string;
  readonly media?: Media;
  readonly quote?: Quote;
}

/** The state of a conversation, beside its messages. */
export interface Conversation {
  /** The newest context token, which replies must carry. */
  readonly contextToken?: string | undefined;
  /** When the person's last message was received, in ms since 1970; 0: never. */
  readonly receivedAt: number;
  /** What was sent since then. */
  readonly sends: number;
}
