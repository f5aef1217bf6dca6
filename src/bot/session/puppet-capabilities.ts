/**
 * What puppets cannot do, from the sources of wechaty-puppet-padlocal 1.20.1, wechaty-puppet-wechat4u 1.14.14,
 * wechaty-puppet-service 1.19.9 and wechaty-puppet-official-account 1.10.14. They can do the calls not listed.
 */

/** The calls that a puppet cannot do. */
interface MissingCalls {
  /** The puppet throws. */
  readonly throws: readonly string[];
  /** The puppet resolves without an effect or with an invented result, so it must not be called. */
  readonly silent: readonly string[];
}

const postCalls = ['messageSendPost', 'postPublish', 'postSearch', 'postPayload', 'tap', 'tapSearch'];

const contactNotes = ['contactCorporationRemark', 'contactDescription', 'contactPhone'];

/** What only bots have that people join by scanning a QR code. */
const peopleCalls = ['createInvitation', 'showTyping'];

/** By the name of the package. */
export const missingCalls: Readonly<Record<string, MissingCalls>> = {
  simulator: { throws: peopleCalls, silent: [] },
  ilink: {
    throws: [
      'contactAvatar',
      'contactCorporationRemark',
      'contactDescription',
      'contactPhone',
      'contactSelfName',
      'contactSelfQRCode',
      'contactSelfSignature',
      'conversationReadMark',
      'friendshipAccept',
      'friendshipAdd',
      'friendshipSearchHandle',
      'friendshipSearchPhone',
      'messageContact',
      'messageLocation',
      'messageMiniProgram',
      'messageRecall',
      'messageSendContact',
      'messageSendLocation',
      'messageSendMiniProgram',
      'messageSendPost',
      'messageUrl',
      'postPublish',
      'postSearch',
      'roomAdd',
      'roomAnnounce',
      'roomAvatar',
      'roomCreate',
      'roomDel',
      'roomInvitationAccept',
      'roomMemberList',
      'roomQRCode',
      'roomQuit',
      'roomTopic',
      'tagContactAdd',
      'tagContactDelete',
      'tagContactList',
      'tagContactRemove',
      'tap',
      'tapSearch',
      'roomInvitationPayload',
    ],
    silent: [],
  },
  'wechaty-puppet-service': { throws: [...postCalls, ...peopleCalls, 'conversationReadMark'], silent: [] },
  'wechaty-puppet-padlocal': {
    throws: [
      ...postCalls,
      ...peopleCalls,
      ...contactNotes,
      'contactAvatarSet',
      'conversationReadMark',
      'messageContact',
      'messageLocation',
      'messageSendLocation',
    ],
    silent: [],
  },
  'wechaty-puppet-wechat4u': {
    throws: [
      ...postCalls,
      ...peopleCalls,
      ...contactNotes,
      'contactAvatarSet',
      'contactSelfName',
      'contactSelfQRCode',
      'contactSelfSignature',
      'conversationReadMark',
      'friendshipAdd',
      'friendshipSearchHandle',
      'friendshipSearchPhone',
      'messageContact',
      'messageLocation',
      'messageSendContact',
      'messageSendLocation',
      'messageSendMiniProgram',
      'messageSendUrl',
      'roomAnnounce',
      'roomInvitationAccept',
      'roomInvitationPayload',
      'roomQRCode',
      'roomQuit',
    ],
    silent: ['tagContactAdd', 'tagContactDelete', 'tagContactList', 'tagContactRemove'],
  },
  'wechaty-puppet-official-account': {
    throws: [...postCalls, ...peopleCalls, ...contactNotes, 'messageLocation', 'messageSendLocation'],
    silent: [
      'contactAvatarSet',
      'contactSelfName',
      'contactSelfQRCode',
      'contactSelfSignature',
      'conversationReadMark',
      'friendshipAccept',
      'friendshipAdd',
      'friendshipSearchHandle',
      'friendshipSearchPhone',
      'messageContact',
      'messageForward',
      'messageMiniProgram',
      'messageRecall',
      'messageSendContact',
      'messageUrl',
      'roomAdd',
      'roomAnnounce',
      'roomCreate',
      'roomDel',
      'roomInvitationAccept',
      'roomInvitationPayload',
      'roomQRCode',
      'roomQuit',
      'roomTopic',
    ],
  },
};

/** Whether a call of this puppet would resolve without an effect. */
export function isSilentlyMissing(puppet: string, call: string): boolean {
  return missingCalls[puppet]?.silent.includes(call) === true;
}

/** Whether a puppet is known not to have a call. */
export function isMissing(puppet: string, call: string): boolean {
  const { throws = [], silent = [] } = missingCalls[puppet] ?? {};
  return throws.includes(call) || silent.includes(call);
}

/** The names of the puppets that can do a call, comma-separated, without the one that has just failed. */
export function puppetsSupporting(call: string, failed: string): string {
  return Object.entries(missingCalls)
    .filter(([puppet, { throws, silent }]) => puppet !== failed && ![...throws, ...silent].includes(call))
    .map(([puppet]) =>
      puppet === 'wechaty-puppet-service' ? `${puppet} (if the puppet behind it can)` : puppet,
    )
    .join(', ');
}
