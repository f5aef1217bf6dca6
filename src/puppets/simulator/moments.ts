import { type filters, type payloads, types } from 'wechaty-puppet';

import { type Content, textOf } from './content';
import type { Conversations } from './conversations';
import type { SimulatedMessage } from './messages';
import type { Contacts } from './contacts';
import type { ClientChannel } from './client-channel';

/** The fields of a post besides its contents. */
export interface PostMetadata {
  readonly type: types.Post;
  readonly parentId?: string | undefined;
  readonly rootId?: string | undefined;
}

interface PostRecord extends PostMetadata {
  readonly id: string;
  readonly contactId: string;
  readonly timestamp: number;
  readonly parts: readonly SimulatedMessage[];
  readonly likes: Map<string, number>;
}

const PAGE_SIZE = 20;
const MAX_POSTS = 1_000;

/** Posts: published moments and posts sent as messages, with comments and likes. */
export class Moments {
  readonly #posts = new Map<string, PostRecord>();
  readonly #parts = new Map<string, SimulatedMessage>();

  constructor(
    readonly contacts: Contacts,
    readonly conversations: Conversations,
    readonly channel: ClientChannel,
  ) {}

  /** Publishes a moment; the bot receives an event for those of its friends. */
  publish(contactId: string, contents: readonly Content[], metadata: PostMetadata): payloads.PostServer {
    const message = this.conversations.log.create({ talkerId: contactId, content: postContent(contents) });
    const post = this.#store(message, contents, metadata);
    if (this.contacts.get(contactId).friend) {
      this.channel.emit('post', { postId: post.id });
    }
    return this.payload(post.id);
  }

  /** Sends a post as a message; the post has the message's id. */
  send(
    talkerId: string,
    conversationId: string,
    contents: readonly Content[],
    metadata: PostMetadata,
  ): SimulatedMessage {
    const message = this.conversations.say(talkerId, conversationId, postContent(contents));
    this.#store(message, contents, metadata);
    return message;
  }

  /** A message that is part of a post, or undefined. */
  part(messageId: string): SimulatedMessage | undefined {
    return this.#parts.get(messageId);
  }

  /** The post payload. @throws Error if there is none with this id. */
  payload(postId: string): payloads.PostServer {
    const post = this.#require(postId);
    const { id, contactId, timestamp, type, parentId, rootId } = post;
    return {
      id,
      contactId,
      timestamp,
      type,
      parentId,
      rootId,
      sayableList: post.parts.map((part) => part.id),
      counter: {
        children: this.#children(id).length,
        descendant: this.#descendants(id),
        taps: { [types.Tap.Like]: post.likes.size },
      },
    };
  }

  /** One page of ids of posts, newest first. */
  search(filter: filters.Post, page: filters.PaginationRequest = {}): filters.PaginationResponse<string[]> {
    const found = [...this.#posts.values()]
      .reverse()
      .filter(
        (post) =>
          (filter.id === undefined || post.id === filter.id) &&
          (filter.contactId === undefined || post.contactId === filter.contactId) &&
          (filter.type === undefined || post.type === filter.type) &&
          (!('parentId' in filter) || post.parentId === filter.parentId) &&
          (!('rootId' in filter) || post.rootId === filter.rootId),
      );
    const start = Number(page.pageToken ?? 0);
    const end = start + (page.pageSize ?? PAGE_SIZE);
    return {
      response: found.slice(start, end).map(({ id }) => id),
      ...(end < found.length && { nextPageToken: String(end) }),
    };
  }

  /** Whether a contact likes a post. */
  likes(postId: string, contactId: string): boolean {
    return this.#require(postId).likes.has(contactId);
  }

  /** Adds or removes a like. */
  like(postId: string, contactId: string, liked: boolean): void {
    const { likes } = this.#require(postId);
    if (liked) {
      likes.set(contactId, Date.now());
    } else {
      likes.delete(contactId);
    }
    this.channel.invalidate(types.Dirty.Post, postId);
  }

  /** The likes of a post with their times. */
  taps(postId: string, query: filters.Tap = {}): payloads.Tap {
    const { likes } = this.#require(postId);
    const found = [...likes].filter(([id]) => (query.contactId ?? id) === id);
    return {
      [types.Tap.Like]: {
        contactId: found.map(([id]) => id),
        timestamp: found.map(([, timestamp]) => timestamp),
      },
    };
  }

  #store(message: SimulatedMessage, contents: readonly Content[], metadata: PostMetadata): PostRecord {
    const { id, talkerId, timestamp } = message;
    if (metadata.parentId !== undefined) {
      this.#require(metadata.parentId);
      this.channel.invalidate(types.Dirty.Post, metadata.parentId);
    }
    const parts = contents.map((content) =>
      this.conversations.log.create({ talkerId, listenerId: this.contacts.self.id, content }),
    );
    for (const part of parts) {
      this.#parts.set(part.id, part);
    }
    const post: PostRecord = { ...metadata, id, contactId: talkerId, timestamp, parts, likes: new Map() };
    this.#posts.set(id, post);
    this.#evictOldest();
    return post;
  }

  #evictOldest(): void {
    const [oldest] = this.#posts.values();
    if (oldest && this.#posts.size > MAX_POSTS) {
      this.#posts.delete(oldest.id);
      for (const part of oldest.parts) {
        this.#parts.delete(part.id);
      }
    }
  }

  #children(postId: string): PostRecord[] {
    return [...this.#posts.values()].filter(({ parentId }) => parentId === postId);
  }

  #descendants(postId: string): number {
    return this.#children(postId).reduce((count, { id }) => count + 1 + this.#descendants(id), 0);
  }

  #require(postId: string): PostRecord {
    const post = this.#posts.get(postId);
    if (!post) {
      throw new Error(`no such post: ${postId}`);
    }
    return post;
  }
}

function postContent(contents: readonly Content[]): Content {
  const [first] = contents;
  if (!first) {
    throw new Error('a post needs at least one content');
  }
  return { kind: 'post', title: textOf(first) };
}
