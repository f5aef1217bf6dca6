/**
 * Encodes messages as WeChat does: a `MsgType` number, and a content that is XML for everything but text. Clients of
 * protocols close to WeChat parse these, whatever the puppet.
 */
import type { ContactView, MessageTypeName, MessageView } from '../../bot/views';
import type { ResultOf, RunCommand } from '../../commands/table';
import { extensionOf } from '../../util/file-type';

/** WeChat's `MsgType` of each kind of message. */
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

/** The kinds of app messages (`MsgType` 49), the number in their `type` element. */
const appTypes = {
  Url: 5,
  Attachment: 6,
  ChatHistory: 19,
  MiniProgram: 33,
  Transfer: 2000,
  RedEnvelope: 2001,
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Escapes a text for an XML element or attribute. */
export function xmlText(text: string): string {
  // Characters that XML does not allow at all would make the whole message unreadable.
  return text
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

type Talker = Pick<ContactView, 'name'> | null;

/** WeChat's own sentence about a recalled message, always in Chinese. */
export function recallNotice({ self }: MessageView, talker: Talker): string {
  return `${self ? '你' : `"${talker?.name ?? ''}" `}撤回了一条消息`;
}

/**
 * The content of a message as WeChat encodes it: a text unchanged, anything else as XML. Payloads are loaded from the
 * puppet; if that fails, the XML contains only what the message view has.
 * @param talker who sent it, for the sentence about a recall.
 * @returns synchronously if no payload is needed.
 */
export function wechatContent(
  message: MessageView,
  runCommand: RunCommand,
  talker: Talker = null,
): string | Promise<string> {
  const { id, type, text, filename = '' } = message;
  // Some puppets return WeChat's XML as the text.
  if (text.startsWith('<') && wechatTypes[type] !== wechatTypes.Text) return text;
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
      return orEmpty(runCommand('messageContact', { id })).then((contact) => card(contact, text));
    case 'Location':
      return orEmpty(runCommand('messageLocation', { id })).then((place) => location(place, text));
    case 'Url':
      return orEmpty(runCommand('messageUrl', { id })).then(
        ({ title = text, description = '', url = '', thumbnailUrl = '' }) =>
          app(title, description, appTypes.Url, leaf('url', url) + leaf('thumburl', thumbnailUrl)),
      );
    case 'MiniProgram':
      return orEmpty(runCommand('messageMiniProgram', { id })).then((program) => miniProgram(program, text));
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
        element('revokemsg', {}, leaf('newmsgid', text) + leaf('replacemsg', recallNotice(message, talker))),
      );
    default:
      return text;
  }
}

/** A payload, or an empty one if the puppet fails to load it. */
function orEmpty<Payload extends object>(loading: Promise<Payload>): Promise<Partial<Payload>> {
  return loading.catch(() => ({}));
}

/** WeChat's `msgSource` element, which lists mentioned contacts. */
export function wechatSource({ mentionIds }: MessageView, memberCount = 0): string {
  const mentioned = mentionIds.length > 0 ? leaf('atuserlist', mentionIds.join(',')) : '';
  return element(
    'msgsource',
    {},
    mentioned + (memberCount > 0 ? leaf('membercount', String(memberCount)) : ''),
  );
}

/** WeChat's code of a contact's sex. */
export const sexCodes: Readonly<Record<ContactView['gender'], string>> = {
  Unknown: '0',
  Male: '1',
  Female: '2',
};

function card({ id, name = '', handle = '', ...contact }: Partial<ContactView>, text: string): string {
  const { gender = 'Unknown', province = '', city = '', signature = '', avatar = '' } = contact;
  return element('msg', {
    username: id ?? text,
    nickname: name,
    alias: handle,
    sex: sexCodes[gender],
    province,
    city,
    sign: signature,
    smallheadimgurl: avatar,
  });
}

function location(
  { latitude = 0, longitude = 0, name = '', address = '' }: Partial<ResultOf<'messageLocation'>>,
  text: string,
): string {
  const attributes = {
    x: String(latitude),
    y: String(longitude),
    scale: '16',
    label: address || text,
    poiname: name,
  };
  return element('msg', {}, element('location', attributes));
}

function miniProgram(program: ResultOf<'messageMiniProgram'>, text: string): string {
  const { title = text, description = '', username = '', appid = '', pagePath = '' } = program;
  const inner = leaf('username', username) + leaf('appid', appid) + leaf('pagepath', pagePath);
  return app(title, description, appTypes.MiniProgram, element('weappinfo', {}, inner));
}

function app(title: string, description: string, type: number, rest = ''): string {
  const inner = leaf('title', title) + leaf('des', description) + leaf('type', String(type)) + rest;
  return element('msg', {}, element('appmsg', { appid: '', sdkver: '0' }, inner));
}

function leaf(name: string, text: string): string {
  return `<${name}>${xmlText(text)}</${name}>`;
}

function element(name: string, attributes: Readonly<Record<string, string>>, inner = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  return `<${name}${written.join('')}>${inner}</${name}>`;
}
