import type { Content } from './content';
import type { WorldMessage } from './messages';
import type { PersonRecord } from './people';
import type { WeChat } from './wechat';

/** A person, a room or a message, or its id; of a person also the name or alias, of a room the topic. */
export type Named = string | { readonly id: string };

/** How names become people and rooms. */
export interface Directory {
  contactId(named: Named): string;
  roomId(named: Named): string;
}

/** Something about to be said: where it goes is still open. */
export interface Saying {
  /** Says it to the bot, or, if the bot itself speaks from its phone, to a friend. */
  to(listener?: Named): WorldMessage;
  /** Says it in a room. */
  in(room: Named): WorldMessage;
}

/** How something is said. */
export interface SayOptions {
  /** Who is mentioned, in a room; `all` mentions everybody. */
  readonly mentions?: readonly Named[] | 'all';
}

/** Somebody in the world, to act for. */
export class Person {
  readonly #wechat: WeChat;
  readonly #directory: Directory;
  readonly #record: PersonRecord;

  constructor(wechat: WeChat, directory: Directory, record: PersonRecord) {
    this.#wechat = wechat;
    this.#directory = directory;
    this.#record = record;
  }

  get id(): string {
    return this.#record.id;
  }

  get name(): string {
    return this.#record.name;
  }

  /** What the bot calls this person, if it noted a name. */
  get alias(): string | undefined {
    return this.#record.alias;
  }

  /** Whether the bot and this person are friends. */
  get isFriend(): boolean {
    return this.#record.friend;
  }

  /** Says a text or anything else a message can carry: `say('ding').to(bot)`, `say('ding').in('Team')`. */
  say(what: string | Content, options: SayOptions = {}): Saying {
    const content: Content = typeof what === 'string' ? { kind: 'text', text: what } : what;
    const { people, conversations } = this.#wechat;
    return {
      to: (listener) => {
        const listenerId = listener === undefined ? people.self.id : this.#directory.contactId(listener);
        return conversations.say(this.id, listenerId, content);
      },
      in: (room) => {
        const roomId = this.#directory.roomId(room);
        const { mentions } = options;
        const ids =
          mentions === 'all' ? ['@all'] : (mentions ?? []).map((one) => this.#directory.contactId(one));
        return conversations.say(this.id, roomId, this.#withNames(content, roomId, ids), ids);
      },
    };
  }

  /** Takes back a message this person said; returns the notice of it. */
  recall(message: Named): WorldMessage {
    return this.#wechat.conversations.recall(this.id, typeof message === 'string' ? message : message.id);
  }

  /** WeChat writes the names of those mentioned into the text. */
  #withNames(content: Content, roomId: string, ids: readonly string[]): Content {
    if (content.kind !== 'text') {
      return content;
    }
    const room = this.#wechat.rooms.get(roomId);
    const marks = ids
      .map((id) => (id === '@all' ? '所有人' : (room.aliases.get(id) ?? this.#wechat.people.get(id).name)))
      .map((name) => `@${name}\u2005`)
      .filter((mark) => !content.text.includes(mark));
    return { kind: 'text', text: `${marks.join('')}${content.text}` };
  }
}
