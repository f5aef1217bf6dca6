/** What iLink has not, so that each call is refused with its reason. */
import { Puppet } from 'wechaty-puppet';

/** The calls that iLink cannot serve, by the reason. */
const reasons: Readonly<Record<string, readonly string[]>> = {
  'it has no rooms': [
    'roomAdd',
    'roomAnnounce',
    'roomAvatar',
    'roomCreate',
    'roomDel',
    'roomInvitationAccept',
    'roomInvitationRawPayload',
    'roomInvitationRawPayloadParser',
    'roomMemberList',
    'roomMemberRawPayload',
    'roomMemberRawPayloadParser',
    'roomQRCode',
    'roomQuit',
    'roomRawPayload',
    'roomRawPayloadParser',
    'roomTopic',
  ],
  'people join by scanning the bot’s QR code, not as friends': [
    'friendshipAccept',
    'friendshipAdd',
    'friendshipRawPayload',
    'friendshipRawPayloadParser',
    'friendshipSearchHandle',
    'friendshipSearchPhone',
  ],
  'it gives nothing of a person but an id': [
    'contactAvatar',
    'contactCorporationRemark',
    'contactDescription',
    'contactPhone',
    'contactSelfName',
    'contactSelfQRCode',
    'contactSelfSignature',
    'tagContactAdd',
    'tagContactDelete',
    'tagContactList',
    'tagContactRemove',
  ],
  'it sends text, pictures, videos and files only': [
    'messageContact',
    'messageLocation',
    'messageMiniProgram',
    'messageSendContact',
    'messageSendLocation',
    'messageSendMiniProgram',
    'messageSendPost',
    'messageUrl',
  ],
  'a message that was sent stays': ['messageRecall'],
  'it has no read marks': ['conversationReadMark'],
  'it has no moments': [
    'postPublish',
    'postRawPayload',
    'postRawPayloadParser',
    'postSearch',
    'tap',
    'tapSearch',
  ],
};

/** The names of these calls. */
export const unsupportedCalls: readonly string[] = Object.values(reasons).flat();

/** A puppet on which they are refused. */
export abstract class UnsupportedCalls extends Puppet {}

for (const [reason, calls] of Object.entries(reasons)) {
  for (const call of calls) {
    Object.defineProperty(UnsupportedCalls.prototype, call, {
      value: () => Promise.reject(new Error(`${call} is not supported by WeChat's bot API: ${reason}`)),
    });
  }
}
