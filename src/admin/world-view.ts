/** The simulated WeChat as plain JSON. */
import type { Content, Person, Room, World, WorldMessage } from '../puppets/simulator';

/** A message of the simulated world. */
export interface SimulatedMessage {
  readonly id: string;
  /** The id of who said it. */
  readonly from: string;
  /** The id of the room; null for a direct message. */
  readonly room: string | null;
  /** Of a direct message: the id of who it was for; null in a room. */
  readonly to: string | null;
  /** The room's id, or that of the person the bot talks with. */
  readonly conversation: string;
  /** One of Wechaty's words: `Text`, `Image` … */
  readonly type: string;
  /** The text; of anything else its title or file name. */
  readonly text: string;
  /** In ms since 1970. */
  readonly timestamp: number;
  /** Whether the bot's account said it. */
  readonly self: boolean;
  readonly mentions?: readonly string[];
  readonly file?: { readonly name: string; readonly size: number; readonly mime?: string };
  readonly url?: string;
  /** Whether it was taken back since. */
  readonly recalled?: true;
  /** Of the notice that a message was taken back: that message's id. */
  readonly recalls?: string;
}

const types: Readonly<Record<Content['kind'], string>> = {
  text: 'Text',
  image: 'Image',
  video: 'Video',
  audio: 'Audio',
  emoticon: 'Emoticon',
  file: 'Attachment',
  url: 'Url',
  'mini-program': 'MiniProgram',
  location: 'Location',
  card: 'Contact',
  post: 'Post',
  recall: 'Recalled',
};

/** The kinds of pictures a browser shows and cannot run, by bytes in their files and where those stand. */
const pictures: readonly (readonly [mime: string, ...bytes: (readonly [at: number, hex: string])[]])[] = [
  ['image/png', [0, '89504e470d0a1a0a']],
  ['image/jpeg', [0, 'ffd8ff']],
  ['image/gif', [0, '474946383761']],
  ['image/gif', [0, '474946383961']],
  ['image/webp', [0, '52494646'], [8, '57454250']],
];

/** The MIME type of a picture that may be shown as it is; undefined for everything else, whatever its name says. */
export function pictureType(file: Buffer): string | undefined {
  const beginning = file.toString('hex', 0, 12);
  const found = pictures.find(([, ...bytes]) =>
    bytes.every(([at, hex]) => beginning.startsWith(hex, at * 2)),
  );
  return found?.[0];
}

/** One message. */
export function messageView(world: World, message: WorldMessage): SimulatedMessage {
  const { id, talkerId, roomId, listenerId, content, text, timestamp, mentionIds } = message;
  const { conversations } = world.wechat;
  return {
    id,
    from: talkerId,
    room: roomId ?? null,
    to: listenerId ?? null,
    conversation: conversations.conversationOf(message),
    type: types[content.kind],
    text,
    timestamp,
    self: talkerId === world.self.id,
    ...(mentionIds.length > 0 ? { mentions: mentionIds } : {}),
    ...contentView(content),
    ...(conversations.isRecalled(message) ? { recalled: true } : {}),
  };
}

function contentView(content: Content): Partial<SimulatedMessage> {
  if ('data' in content) {
    const mime = pictureType(content.data);
    return { file: { name: content.name, size: content.data.length, ...(mime ? { mime } : {}) } };
  }
  if (content.kind === 'url') return { url: content.url.url };
  return content.kind === 'recall' ? { recalls: content.messageId } : {};
}

interface Talk {
  count: number;
  last: WorldMessage;
}

/** What was said in each conversation, those with the latest message last. */
function talks(world: World): Map<string, Talk> {
  const { conversations } = world.wechat;
  const found = new Map<string, Talk>();
  for (const message of world.messages()) {
    const id = conversations.conversationOf(message);
    const count = (found.get(id)?.count ?? 0) + 1;
    found.delete(id);
    found.set(id, { count, last: message });
  }
  return found;
}

function personView({ id, name, alias = '', isFriend }: Person): object {
  return { id, name, alias, friend: isFriend };
}

function roomView({ id, topic, memberIds, ownerId, hasBot }: Room): object {
  return { id, topic, memberIds, ownerId, hasBot };
}

function lastView({ talkerId, content, text, timestamp }: WorldMessage): object {
  return { from: talkerId, type: types[content.kind], text, timestamp };
}

/** In place of the world of a bot that was never started. */
export const noWorldView: object = {
  self: null,
  contacts: [],
  rooms: [],
  conversations: [],
  login: { waiting: false, scanned: false },
  faults: { offline: false, slow: 0, sendsFail: false },
};

/** Everybody, every room and every conversation, those talked in lately first. */
export function worldView(world: World): object {
  const contacts = world.contacts();
  const rooms = world.rooms();
  const said = talks(world);
  const conversation = (kind: 'contact' | 'room', id: string, name: string): object => {
    const talk = said.get(id);
    const last = talk && lastView(talk.last);
    return { id, kind, name, count: talk?.count ?? 0, ...(last ? { last } : {}) };
  };
  const all = new Map([
    ...contacts
      .filter(({ id, isFriend }) => isFriend || said.has(id))
      .map((one) => [one.id, conversation('contact', one.id, one.alias ?? one.name)] as const),
    ...rooms
      .filter(({ id, hasBot }) => hasBot || said.has(id))
      .map(({ id, topic }) => [id, conversation('room', id, topic)] as const),
  ]);
  const lately = [...said.keys()].reverse();
  return {
    self: { id: world.self.id, name: world.self.name },
    contacts: contacts.map(personView),
    rooms: rooms.map(roomView),
    conversations: [...new Set([...lately, ...all.keys()])].map((id) => all.get(id)).filter(Boolean),
    login: { waiting: world.qrCode !== undefined, scanned: world.isQrCodeScanned },
    faults: faultsView(world),
  };
}

/** What goes wrong on purpose. */
export function faultsView({ faults }: World): object {
  return {
    offline: faults.rejectAll === true,
    slow: faults.slow ?? 0,
    sendsFail: faults.rejectSends === true,
  };
}
