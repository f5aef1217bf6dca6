/**
 * Which puppet can do what, so that a refusal can name one that does it. Read from the sources of
 * wechaty-puppet-padlocal 1.20, wechaty-puppet-wechat4u 1.14 and wechaty-puppet-service 1.19; what is not named
 * below, all of them can.
 */
const posts = ['messageSendPost', 'postPublish', 'postSearch', 'postPayload', 'tap', 'tapSearch'];

const lacking: Readonly<Record<string, ReadonlySet<string>>> = {
  simulator: new Set(),
  'wechaty-puppet-padlocal': new Set([
    ...posts,
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
    ...posts,
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
    // These answer, but do nothing.
    'tagContactAdd',
    'tagContactDelete',
    'tagContactList',
    'tagContactRemove',
  ]),
  'wechaty-puppet-service': new Set([...posts, 'conversationReadMark']),
};

/** The puppets that can do a call, as a list to be read, without the one that just could not. */
export function ablePuppets(call: string, unable: string): string {
  return Object.keys(lacking)
    .filter((puppet) => !lacking[puppet]?.has(call) && !unable.includes(puppet))
    .map((puppet) =>
      puppet === 'wechaty-puppet-service' ? `${puppet} (if the puppet behind it can)` : puppet,
    )
    .join(', ');
}
