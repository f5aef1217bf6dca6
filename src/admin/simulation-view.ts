/** Maps the state of a simulation to plain JSON. */
import type { Content, Person, Room, SimulatedMessage, Simulation } from '../puppets/simulator';
import type {
  LastMessage,
  SimulatorContact,
  SimulatorConversation,
  SimulatorFaults,
  SimulatorMessage,
  SimulatorRoom,
  SimulatorView,
} from './api-types';
import { loadAdminModules } from './load-modules';

const messageTypes: Readonly<Record<Content['kind'], string>> = {
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

/** The image formats that browsers display without executing anything. */
const displayedTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** The MIME type of an image that is safe to display, by content; undefined for all other files. */
export function imageMimeType(file: Buffer): string | undefined {
  const type = loadAdminModules().mediaTypeOf({ content: file });
  return displayedTypes.has(type) ? type : undefined;
}

/** Maps one message. */
export function messageView(simulation: Simulation, message: SimulatedMessage): SimulatorMessage {
  const { id, talkerId, roomId, listenerId, content, text, timestamp, mentionIds } = message;
  const { conversations } = simulation.wechat;
  return {
    id,
    from: talkerId,
    room: roomId ?? null,
    to: listenerId ?? null,
    conversation: conversations.conversationOf(message),
    type: messageTypes[content.kind],
    text,
    timestamp,
    self: talkerId === simulation.self.id,
    ...(mentionIds.length > 0 ? { mentions: mentionIds } : {}),
    ...contentView(content),
    ...(conversations.isRecalled(message) ? { recalled: true } : {}),
  };
}

function contentView(content: Content): Partial<SimulatorMessage> {
  if ('data' in content) {
    const mime = imageMimeType(content.data);
    return { file: { name: content.name, size: content.data.length, ...(mime ? { mime } : {}) } };
  }
  if (content.kind === 'url') return { url: content.url.url };
  return content.kind === 'recall' ? { recalls: content.messageId } : {};
}

interface ConversationSummary {
  count: number;
  last: SimulatedMessage;
}

/** The message count and the last message of each conversation, ordered by the last message. */
function summarizeConversations(simulation: Simulation): Map<string, ConversationSummary> {
  const { conversations } = simulation.wechat;
  const summaries = new Map<string, ConversationSummary>();
  for (const message of simulation.messages()) {
    const id = conversations.conversationOf(message);
    const count = (summaries.get(id)?.count ?? 0) + 1;
    // Inserts it again, because a map keeps the position of an existing key.
    summaries.delete(id);
    summaries.set(id, { count, last: message });
  }
  return summaries;
}

function contactView({ id, name, alias = '', isFriend }: Person): SimulatorContact {
  return { id, name, alias, friend: isFriend };
}

function roomView({ id, topic, memberIds, ownerId, hasBot }: Room): SimulatorRoom {
  return { id, topic, memberIds, ownerId, hasBot };
}

function lastMessageView({ talkerId, content, text, timestamp }: SimulatedMessage): LastMessage {
  return { from: talkerId, type: messageTypes[content.kind], text, timestamp };
}

/** The view of a bot that was never started. */
export const emptySimulationView: SimulatorView = {
  self: null,
  contacts: [],
  rooms: [],
  conversations: [],
  login: { waiting: false, scanned: false },
  faults: { offline: false, slow: 0, sendsFail: false },
};

/** Maps a simulation: all contacts, rooms and conversations, the most recent conversation first. */
export function simulationView(simulation: Simulation): SimulatorView {
  const contacts = simulation.contacts();
  const rooms = simulation.rooms();
  const summaries = summarizeConversations(simulation);
  const conversation = (kind: 'contact' | 'room', id: string, name: string): SimulatorConversation => {
    const summary = summaries.get(id);
    const last = summary && lastMessageView(summary.last);
    return { id, kind, name, count: summary?.count ?? 0, ...(last ? { last } : {}) };
  };
  const all = new Map([
    ...contacts
      .filter(({ id, isFriend }) => isFriend || summaries.has(id))
      .map((one) => [one.id, conversation('contact', one.id, one.alias ?? one.name)] as const),
    ...rooms
      .filter(({ id, hasBot }) => hasBot || summaries.has(id))
      .map(({ id, topic }) => [id, conversation('room', id, topic)] as const),
  ]);
  const recentIds = [...summaries.keys()].reverse();
  return {
    self: { id: simulation.self.id, name: simulation.self.name },
    contacts: contacts.map(contactView),
    rooms: rooms.map(roomView),
    conversations: [...new Set([...recentIds, ...all.keys()])].flatMap((id) => all.get(id) ?? []),
    login: { waiting: simulation.qrCode !== undefined, scanned: simulation.isQrCodeScanned },
    faults: faultsView(simulation),
  };
}

/** Maps the injected faults. */
export function faultsView({ faults }: Simulation): SimulatorFaults {
  return {
    offline: faults.rejectAll === true,
    slow: faults.slow ?? 0,
    sendsFail: faults.rejectSends === true,
  };
}
