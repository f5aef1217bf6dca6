/** Operations on moments, for puppets with posts. */
import { XMLParser } from 'fast-xml-parser';
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import type { ResultOf } from '../../../commands/table';
import { xmlText } from '../../wechat/wechat-xml';
import { type OperationContext, ok, allVersions, operation } from './operation';
import { resolveContactId } from '../../wechat/v1-code';

const optionalText = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const momentId = Type.String({ minLength: 1 });

/** Moments on a page. */
const pageSize = 20;

/** Maximum number of moments searched for the one after which a page begins. */
const searchDepth = 200;

type Post = Pick<ResultOf<'postFind'>, 'id' | 'contactId' | 'postedAt' | 'messageIds'>;

const Moment = Type.Object({
  id: Type.String(),
  userName: Type.String(),
  nickName: Type.String(),
  createTime: Type.Integer(),
  description: Type.String(),
});

/** Maps a post to a moment, whose description is WeChat's XML. */
async function momentOf({ query }: OperationContext, post: Post): Promise<object> {
  const author = await query('contactFind', { id: post.contactId }).catch(() => null);
  const parts = await Promise.all(
    post.messageIds.map((id) => query('messageFind', { id }).catch(() => null)),
  );
  const text = parts.flatMap((part) => (part?.type === 'Text' ? [part.text] : [])).join('\n');
  const createTime = Math.floor(post.postedAt / 1000);
  const fields = { id: post.id, username: post.contactId, createTime: String(createTime), contentDesc: text };
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${xmlText(value)}</${name}>`);
  const description = `<TimelineObject>${inner.join('')}</TimelineObject>`;
  return { id: post.id, userName: post.contactId, nickName: author?.name ?? '', createTime, description };
}

async function momentPage(
  context: OperationContext,
  filter: object,
  after: string | null | undefined,
): Promise<object> {
  const posts = await context.run('postFindAll', {
    ...filter,
    size: after ? searchDepth : pageSize,
  });
  const start = after ? posts.findIndex(({ id }) => id === after) + 1 : 0;
  const pagePosts = after && start === 0 ? [] : posts.slice(start, start + pageSize);
  const moments = await Promise.all(pagePosts.map((post) => momentOf(context, post)));
  return { count: moments.length, data: moments, page: '' };
}

const Page = Type.Object({ count: Type.Integer(), data: Type.Array(Moment), page: Type.String() });

const parser = new XMLParser({ processEntities: false, parseTagValue: false });

/** The text of a moment: plain, or extracted from WeChat's XML. @throws WechatError INVALID_PARAMS */
function parseMomentText(content: string): string {
  if (!content.trimStart().startsWith('<')) return content;
  let document: Readonly<Record<string, unknown>>;
  try {
    document = parser.parse(content) as Readonly<Record<string, unknown>>;
  } catch {
    throw new WechatError('INVALID_PARAMS', 'badContent', { type: 'Post', problem: 'it is not XML' });
  }
  const [root] = Object.values(document);
  const text = (root as { contentDesc?: unknown } | undefined)?.contentDesc;
  return typeof text === 'string' ? text : '';
}

const snsSendMoment = operation({
  names: allVersions('snsSendMoment'),
  summary: { 'en-US': 'publishes a moment: a text', 'zh-CN': '发朋友圈（文本）' },
  readOnly: false,
  commands: ['postPublish'],
  params: Type.Object({ content: Type.String({ minLength: 1 }) }),
  result: Type.Object({ data: Moment }),
  handle: async (context, { content }) => {
    const { id } = await context.run('postPublish', {
      messagePayload: parseMomentText(content),
    });
    const { id: contactId = '' } = context.bot.state.user ?? {};
    const post = { id, contactId, postedAt: Date.now(), messageIds: [] };
    return ok({ data: await momentOf(context, post) });
  },
});

const snsTimeline = operation({
  names: allVersions('snsTimeline'),
  summary: { 'en-US': 'lists moments, newest first', 'zh-CN': '获取朋友圈动态' },
  readOnly: true,
  commands: ['postFindAll'],
  params: Type.Object({ momentId: optionalText }),
  result: Page,
  handle: async (context, params) => ok(await momentPage(context, {}, params.momentId)),
});

const snsUserPage = operation({
  names: allVersions('snsUserPage'),
  summary: { 'en-US': 'lists the moments of a contact, newest first', 'zh-CN': '获取好友朋友圈信息' },
  readOnly: true,
  commands: ['postFindAll'],
  params: Type.Object({ userId: Type.String({ minLength: 1 }), momentId: optionalText }),
  result: Page,
  handle: async (context, params) =>
    ok(await momentPage(context, { id: resolveContactId(params.userId) }, params.momentId)),
});

const snsGetObject = operation({
  names: allVersions('snsGetObject'),
  summary: { 'en-US': 'gets a moment', 'zh-CN': '获取朋友圈消息详情' },
  readOnly: true,
  commands: ['postFind'],
  params: Type.Object({ momentId }),
  result: Type.Object({ data: Moment }),
  handle: async (context, params) => {
    const post = await context.run('postFind', { id: params.momentId });
    return ok({ data: await momentOf(context, post) });
  },
});

const snsComment = operation({
  names: allVersions('snsComment'),
  summary: { 'en-US': 'comments on a moment', 'zh-CN': '评论朋友圈' },
  readOnly: false,
  commands: ['postPublish'],
  params: Type.Object({ userId: optionalText, momentId, content: Type.String({ minLength: 1 }) }),
  handle: async ({ run }, { content, ...params }) => {
    await run('postPublish', { parentId: params.momentId, messagePayload: content });
    return ok();
  },
});

const snsLike = operation({
  names: allVersions('snsLike'),
  summary: { 'en-US': 'likes a moment', 'zh-CN': '朋友圈点赞' },
  readOnly: false,
  commands: ['postLike'],
  params: Type.Object({ userId: optionalText, momentId }),
  handle: async ({ run }, params) => {
    await run('postLike', { id: params.momentId });
    return ok();
  },
});

/** The action type that removes a like. */
const unlikeType = 5;

const snsObjectOp = operation({
  names: { A: 'snsObjectOp', B: 'snsObjectOp', C: 'snsobjectOp' },
  aliases: ['snsObjectOp', 'snsobjectOp'],
  summary: {
    'en-US': 'takes a like back (type 5); deleting is not supported',
    'zh-CN': '取消点赞（类型 5），不支持删除',
  },
  readOnly: false,
  commands: ['postLike'],
  params: Type.Object({
    momentId,
    type: Type.Union([Type.Integer(), Type.String()]),
    commentId: Type.Optional(Type.Unknown()),
    commentType: Type.Optional(Type.Unknown()),
  }),
  handle: async ({ run }, { type, ...params }) => {
    if (Number(type) !== unlikeType) throw new WechatError('UNSUPPORTED', 'momentActionUnsupported');
    await run('postLike', { id: params.momentId, like: false });
    return ok();
  },
});

export const momentOperations = [
  snsSendMoment,
  snsTimeline,
  snsUserPage,
  snsGetObject,
  snsComment,
  snsLike,
  snsObjectOp,
];
