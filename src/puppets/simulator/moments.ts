import { type filters, type payloads, types } from 'wechaty-puppet';

import { type Content, textOf } from './content';
import type { Conversations } from './conversations';
import type { WorldMessage } from './messages';
import type { People } from './contacts';
import type { Wire } from './client-channel';

/** What is known of a post besides what is in it. */
export interface PostFacts {
  readonly type: types.Post;
  readonly parentId?: string | undefined;
  readonly rootId?: string | undefined;
}

interface PostRecord extends PostFacts {
  readonly id: string;
  readonly contactId: string;
  readonly timestamp: number;
  readonly parts: readonly WorldMessage[];
  readonly likes: Map<string, number>;
}

const PAGE_SIZE = 20;
const REMEMBERED = 1_000;

/** Posts: moments anybody publishes, and posts sent as messages; with comments and likes. */
export class Moments {
  readonly #posts = new Map<string, PostRecord>();
  readonly #parts = new Map<string, WorldMessage>();

  constructor(
    readonly people: People,
    readonly conversations: Conversations,
    readonly wire: Wire,
  ) {}

  /** Publishes a moment; the bot is told of its friends' moments. */
  publish(contactId: string, contents: readonly Content[], facts: PostFacts): payloads.PostServer {
    const message = this.conversations.log.make({ talkerId: contactId, content: postContent(contents) });
    const post = this.#store(message, contents, facts);
    if (this.people.get(contactId).friend) {
      this.wire.tell('post', { postId: post.id });
    }
    return this.payload(post.id);
  }

  /** Sends a post as a message; the post has the message's id. */
  send(
    talkerId: string,
    conversationId: string,
    contents: readonly Content[],
    facts: PostFacts,
  ): WorldMessage {
    const message = this.conversations.say(talkerId, conversationId, postContent(contents));
    this.#store(message, contents, facts);
    return message;
  }

  /** One of the messages a post is made of, or undefined. */
  part(messageId: string): WorldMessage | undefined {
    return this.#parts.get(messageId);
  }

  /** What a puppet reports of a post. @throws Error if there is none. */
  payload(postId: string): payloads.PostServer {
    const post = this.#get(postId);
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

  /** Ids of posts, newest first, a page at a time. */
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

  /** Whether somebody likes a post. */
  likes(postId: string, contactId: string): boolean {
    return this.#get(postId).likes.has(contactId);
  }

  /** Somebody likes a post, or does no longer. */
  like(postId: string, contactId: string, liked: boolean): void {
    const { likes } = this.#get(postId);
    if (liked) {
      likes.set(contactId, Date.now());
    } else {
      likes.delete(contactId);
    }
    this.wire.forget(types.Dirty.Post, postId);
  }

  /** Who likes a post, and since when. */
  taps(postId: string, query: filters.Tap = {}): payloads.Tap {
    const { likes } = this.#get(postId);
    const found = [...likes].filter(([id]) => (query.contactId ?? id) === id);
    return {
      [types.Tap.Like]: {
        contactId: found.map(([id]) => id),
        timestamp: found.map(([, timestamp]) => timestamp),
      },
    };
  }

  #store(message: WorldMessage, contents: readonly Content[], facts: PostFacts): PostRecord {
    const { id, talkerId, timestamp } = message;
    if (facts.parentId !== undefined) {
      this.#get(facts.parentId);
      this.wire.forget(types.Dirty.Post, facts.parentId);
    }
    const parts = contents.map((content) =>
      this.conversations.log.make({ talkerId, listenerId: this.people.self.id, content }),
    );
    for (const part of parts) {
      this.#parts.set(part.id, part);
    }
    const post: PostRecord = { ...facts, id, contactId: talkerId, timestamp, parts, likes: new Map() };
    this.#posts.set(id, post);
    this.#forgetOldest();
    return post;
  }

  #forgetOldest(): void {
    const [oldest] = this.#posts.values();
    if (oldest && this.#posts.size > REMEMBERED) {
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

  #get(postId: string): PostRecord {
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
    throw new Error('a post needs something in it');
  }
  return { kind: 'post', title: textOf(first) };
}
