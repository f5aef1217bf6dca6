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

const selfCalls = ['contactSelfName', 'contactSelfQRCode', 'contactSelfSignature'];

const friendSearches = ['friendshipSearchHandle', 'friendshipSearchPhone'];

const roomInvitationCalls = ['roomInvitationAccept', 'roomInvitationPayload'];

const tagCalls = ['tagContactAdd', 'tagContactDelete', 'tagContactList', 'tagContactRemove'];

/** Changes of rooms, and what only their owners and members can read. */
const roomCalls = ['roomAdd', 'roomAnnounce', 'roomCreate', 'roomDel', 'roomQRCode', 'roomQuit', 'roomTopic'];

/** What only bots have that people join by scanning a QR code. */
const peopleCalls = ['createInvitation', 'showTyping'];

/** By the name of the package. */
export const missingCalls: Readonly<Record<string, MissingCalls>> = {
  simulator: { throws: peopleCalls, silent: [] },
  ilink: {
    throws: [
      ...postCalls,
      ...contactNotes,
      ...selfCalls,
      ...friendSearches,
      ...roomCalls,
      ...roomInvitationCalls,
      ...tagCalls,
      'contactAvatar',
      'contactAvatarSet',
      'conversationReadMark',
      'friendshipAccept',
      'friendshipAdd',
      'messageContact',
      'messageLocation',
      'messageMiniProgram',
      'messageRecall',
      'messageSendContact',
      'messageSendLocation',
      'messageSendMiniProgram',
      'messageUrl',
      'roomAvatar',
      'roomMemberList',
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
      ...selfCalls,
      ...friendSearches,
      ...roomInvitationCalls,
      'contactAvatarSet',
      'conversationReadMark',
      'friendshipAdd',
      'messageContact',
      'messageLocation',
      'messageSendContact',
      'messageSendLocation',
      'messageSendMiniProgram',
      'messageSendUrl',
      'roomAnnounce',
      'roomQRCode',
      'roomQuit',
    ],
    silent: tagCalls,
  },
  'wechaty-puppet-official-account': {
    throws: [...postCalls, ...peopleCalls, ...contactNotes, 'messageLocation', 'messageSendLocation'],
    silent: [
      ...selfCalls,
      ...friendSearches,
      ...roomCalls,
      ...roomInvitationCalls,
      'contactAvatarSet',
      'conversationReadMark',
      'friendshipAccept',
      'friendshipAdd',
      'messageContact',
      'messageForward',
      'messageMiniProgram',
      'messageRecall',
      'messageSendContact',
      'messageUrl',
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
