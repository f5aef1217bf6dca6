/**
 * The capability matrix of puppets, so that an UNSUPPORTED error can name puppets that support the call. From the
 * sources of wechaty-puppet-padlocal 1.20, wechaty-puppet-wechat4u 1.14 and wechaty-puppet-service 1.19; all of them
 * support the calls not listed.
 */
const postCalls = ['messageSendPost', 'postPublish', 'postSearch', 'postPayload', 'tap', 'tapSearch'];

const unsupportedCalls: Readonly<Record<string, ReadonlySet<string>>> = {
  simulator: new Set(),
  'wechaty-puppet-padlocal': new Set([
    ...postCalls,
    'contactAvatarSet',
    'contactCorporationRemark',
    'contactDescription',
    'contactPhone',
    'conversationReadMark',
    'messageContact',
    'messageLocation',
    'messageSendLocation',
  ]),
  'wechaty-puppet-wechat4u': new Set([
    ...postCalls,
    'contactAvatarSet',
    'contactCorporationRemark',
    'contactDescription',
    'contactPhone',
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
    // These resolve without an effect.
    'tagContactAdd',
    'tagContactDelete',
    'tagContactList',
    'tagContactRemove',
  ]),
  'wechaty-puppet-service': new Set([...postCalls, 'conversationReadMark']),
};

/** The names of the puppets that support a call, comma-separated, without the one that has just failed. */
export function puppetsSupporting(call: string, failed: string): string {
  return Object.keys(unsupportedCalls)
    .filter((puppet) => !unsupportedCalls[puppet]?.has(call) && !failed.includes(puppet))
    .map((puppet) =>
      puppet === 'wechaty-puppet-service' ? `${puppet} (if the puppet behind it can)` : puppet,
    )
    .join(', ');
}
