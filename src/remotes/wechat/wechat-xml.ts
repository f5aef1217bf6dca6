/**
 * Messages in WeChat's own form: a number for the kind, and a content that is XML for everything but text. Programs
 * written for protocols close to WeChat read these, whatever puppet is behind.
 */
import type { ContactView, MessageTypeName, MessageView } from '../../bot/views';

/** WeChat's number for each kind of message, its `MsgType`. */
export const wechatTypes: Readonly<Record<MessageTypeName, number>> = {
  Unknown: 1,
  Text: 1,
  Image: 3,
  Audio: 34,
  Contact: 42,
  Video: 43,
  Emoticon: 47,
  Location: 48,
  Attachment: 49,
  ChatHistory: 49,
  MiniProgram: 49,
  RedEnvelope: 49,
  Transfer: 49,
  Url: 49,
  Post: 49,
  GroupNote: 10_000,
  Recalled: 10_002,
};

/** Executes a command of the table. @throws WechatError */
export type Ask = (command: string, params: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** What is in messages that have more than a text, as far as it is known. */
interface Link {
  readonly url?: string;
  readonly title?: string;
  readonly description?: string;
  readonly thumbnailUrl?: string;
}
interface MiniProgram {
  readonly appid?: string;
  readonly username?: string;
  readonly title?: string;
  readonly description?: string;
  readonly pagePath?: string;
}
interface Place {
  readonly latitude?: number;
  readonly longitude?: number;
  readonly name?: string;
  readonly address?: string;
}

/** The kinds of app messages (`MsgType` 49), the number in their `type` element. */
const appTypes = {
  Url: 5,
  Attachment: 6,
  ChatHistory: 19,
  MiniProgram: 33,
  Transfer: 2000,
  RedEnvelope: 2001,
};

const characters: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text as it is written inside XML, in an element or an attribute. */
export function xmlText(text: string): string {
  // What XML cannot hold at all would make the whole message unreadable.
  return text
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (character) => characters[character] ?? character);
}

/**
 * What WeChat has as the content of a message: a text as it is, of the rest XML. What only the puppet knows is asked
 * for; where it does not answer, the XML has what is known.
 * @returns at once where nothing needs to be asked for.
 */
export function wechatContent(message: MessageView, ask: Ask): string | Promise<string> {
  const { id, type, text, filename = '' } = message;
  // Puppets close to WeChat give its XML as the text.
  if (text.startsWith('<') && wechatTypes[type] !== wechatTypes.Text) return text;
  const known = <Found extends object>(command: string): Promise<Partial<Found>> =>
    ask(command, { id }).then(
      (found) => (found ?? {}) as Found,
      () => ({}),
    );
  const name = filename || text;
  switch (type) {
    case 'Image':
      return element('msg', {}, element('img', { filename: name }));
    case 'Audio':
      return element('msg', {}, element('voicemsg', { filename: name }));
    case 'Video':
      return element('msg', {}, element('videomsg', { filename: name }));
    case 'Emoticon':
      return element('msg', {}, element('emoji', { filename: name }));
    case 'Contact':
      return known<ContactView>('messageContact').then((contact) => card(contact, text));
    case 'Location':
      return known<Place>('messageLocation').then((place) => location(place, text));
    case 'Url':
      return known<Link>('messageUrl').then(
        ({ title = text, description = '', url = '', thumbnailUrl = '' }) =>
          app(title, description, appTypes.Url, leaf('url', url) + leaf('thumburl', thumbnailUrl)),
      );
    case 'MiniProgram':
      return known<MiniProgram>('messageMiniProgram').then((program) => miniProgram(program, text));
    case 'Attachment':
      return app(name, '', appTypes.Attachment, element('appattach', {}, leaf('fileext', extensionOf(name))));
    case 'ChatHistory':
    case 'Transfer':
    case 'RedEnvelope':
      return app(text, '', appTypes[type]);
    case 'Post':
      return app(text, '', appTypes.Url);
    case 'Recalled':
      return element(
        'sysmsg',
        { type: 'revokemsg' },
        element('revokemsg', {}, leaf('newmsgid', text) + leaf('replacemsg', '')),
      );
    default:
      return text;
  }
}

/** Where people are mentioned, WeChat names them in the message's source. */
export function wechatSource({ mentionIds }: MessageView, memberCount = 0): string {
  const mentioned = mentionIds.length > 0 ? leaf('atuserlist', mentionIds.join(',')) : '';
  return element(
    'msgsource',
    {},
    mentioned + (memberCount > 0 ? leaf('membercount', String(memberCount)) : ''),
  );
}

const sexes: Readonly<Record<string, string>> = { Male: '1', Female: '2' };

function card({ id, name = '', handle = '', ...contact }: Partial<ContactView>, text: string): string {
  const { gender = '', province = '', city = '', signature = '', avatar = '' } = contact;
  return element('msg', {
    username: id ?? text,
    nickname: name,
    alias: handle,
    sex: sexes[gender] ?? '0',
    province,
    city,
    sign: signature,
    smallheadimgurl: avatar,
  });
}

function location({ latitude = 0, longitude = 0, name = '', address = '' }: Place, text: string): string {
  const attributes = {
    x: String(latitude),
    y: String(longitude),
    scale: '16',
    label: address || text,
    poiname: name,
  };
  return element('msg', {}, element('location', attributes));
}

function miniProgram(program: MiniProgram, text: string): string {
  const { title = text, description = '', username = '', appid = '', pagePath = '' } = program;
  const inner = leaf('username', username) + leaf('appid', appid) + leaf('pagepath', pagePath);
  return app(title, description, appTypes.MiniProgram, element('weappinfo', {}, inner));
}

function app(title: string, description: string, type: number, rest = ''): string {
  const inner = leaf('title', title) + leaf('des', description) + leaf('type', String(type)) + rest;
  return element('msg', {}, element('appmsg', { appid: '', sdkver: '0' }, inner));
}

function extensionOf(name: string): string {
  return /\.(\w+)$/.exec(name)?.[1] ?? '';
}

function leaf(name: string, text: string): string {
  return `<${name}>${xmlText(text)}</${name}>`;
}

function element(name: string, attributes: Readonly<Record<string, string>>, inner = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  return `<${name}${written.join('')}>${inner}</${name}>`;
}
