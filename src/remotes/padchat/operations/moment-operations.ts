/** Operations on moments, for puppets with posts. */
import Type, { type Static } from 'typebox';
import { WechatError } from '../../../bot/errors';
import type { ResultOf } from '../../../commands/table';
import { xmlText } from '../../wechat/wechat-xml';
import { type OperationContext, ok, allVersions, operation } from './operation';
import { resolveContactId } from '../../wechat/v1-code';
import { commentIdOf } from '../derived-ids';
import { parseLenientXml, textOf } from '../lenient-xml';

const optionalText = Type.Optional(Type.Union([Type.String(), Type.Null()]));
/** The id of a moment; some clients send it as a number. */
const momentId = Type.Union([Type.Integer({ minimum: 1 }), Type.String({ minLength: 1 })]);

/** The moment after which a page begins: empty or 0 for the first page. */
const pageStart = Type.Optional(Type.Union([Type.Integer(), Type.String(), Type.Null()]));

/** Moments on a page. */
const pageSize = 20;

/** Maximum number of posts searched for a page. Wechaty lists comments among the moments. */
const searchDepth = 200;

/** Maximum number of comments in the detail of a moment. */
const maxComments = 100;

type Post = Pick<ResultOf<'postFind'>, 'id' | 'contactId' | 'postedAt' | 'messageIds'>;

const Moment = Type.Object({
  id: Type.String(),
  userName: Type.String(),
  nickName: Type.String(),
  createTime: Type.Integer(),
  description: Type.String(),
});

/** A comment on a moment, or a like (the Go client padchat, `MomentDetail`). */
const Reaction = Type.Object({
  id: Type.Integer(),
  type: Type.Integer(),
  userName: Type.String(),
  nickName: Type.String(),
  createTime: Type.Integer(),
  content: Type.String(),
});

const MomentDetail = Type.Intersect([
  Moment,
  Type.Object({ comment: Type.Array(Reaction), like: Type.Array(Reaction) }),
]);

/** The `type` of reactions. */
const reactionTypes = { like: 1, comment: 2 };

async function nameOf({ query }: OperationContext, id: string): Promise<string> {
  const contact = await query('contactFind', { id }).catch(() => null);
  return contact?.name ?? '';
}

async function partsTextOf({ query }: OperationContext, { messageIds }: Post): Promise<string> {
  const parts = await Promise.all(messageIds.map((id) => query('messageFind', { id }).catch(() => null)));
  return parts.flatMap((part) => (part?.type === 'Text' ? [part.text] : [])).join('\n');
}

/** Maps a post to a moment, whose description is WeChat's XML. @param text if it is known. */
async function momentOf(context: OperationContext, post: Post, text?: string): Promise<object> {
  const nickName = await nameOf(context, post.contactId);
  const contentDesc = text ?? (await partsTextOf(context, post));
  const createTime = Math.floor(post.postedAt / 1000);
  const fields = { id: post.id, username: post.contactId, createTime: String(createTime), contentDesc };
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${xmlText(value)}</${name}>`);
  const description = `<TimelineObject>${inner.join('')}</TimelineObject>`;
  return { id: post.id, userName: post.contactId, nickName, createTime, description };
}

/** A moment with its comments and likes, oldest first. */
async function momentDetailOf(context: OperationContext, id: string): Promise<object> {
  const { query } = context;
  const moment = await momentOf(context, await query('postFind', { id }));
  const comments = await query('postFindAll', { parentId: id, size: maxComments }).catch(() => []);
  const likes = await query('postLikeFindAll', { id }).catch(() => []);
  const reaction = async (
    type: number,
    userName: string,
    time: number,
    content: string,
  ): Promise<object> => ({
    id: commentIdOf(`${id} ${type} ${userName} ${time}`),
    type,
    userName,
    nickName: await nameOf(context, userName),
    createTime: Math.floor(time / 1000),
    content,
  });
  return {
    ...moment,
    comment: await Promise.all(
      comments
        .reverse()
        .map(async (one) =>
          reaction(reactionTypes.comment, one.contactId, one.postedAt, await partsTextOf(context, one)),
        ),
    ),
    like: await Promise.all(
      likes.map(({ contactId, timestamp }) => reaction(reactionTypes.like, contactId, timestamp, '')),
    ),
  };
}

/** The moment after a change; empty if it cannot be read, because the change has been made. */
function changedMoment(context: OperationContext, id: string): Promise<object> {
  return momentDetailOf(context, id).catch(() => ({}));
}

async function momentPage(
  context: OperationContext,
  filter: object,
  start: Static<typeof pageStart> | undefined,
): Promise<object> {
  const after = start ? String(start) : '';
  const found = await context.run('postFindAll', { ...filter, size: searchDepth });
  const posts = found.filter(({ parentId }) => parentId === undefined);
  const first = after ? posts.findIndex(({ id }) => id === after) + 1 : 0;
  const pagePosts = after && first === 0 ? [] : posts.slice(first, first + pageSize);
  const moments = await Promise.all(pagePosts.map((post) => momentOf(context, post)));
  return { count: moments.length, data: moments, page: '' };
}

const Detail = Type.Object({ data: MomentDetail });

const Page = Type.Object({ count: Type.Integer(), data: Type.Array(Moment), page: Type.String() });

/** The text of a moment: plain, or extracted from WeChat's XML. @throws WechatError INVALID_PARAMS */
function parseMomentText(content: string): string {
  if (!/^\s*(?:<\?xml[^>]*>\s*)?<timelineobject[\s>]/i.test(content)) return content;
  try {
    const document = parseLenientXml(content) as object;
    const name = Object.keys(document).find((one) => one.toLowerCase() === 'timelineobject') ?? '';
    return textOf(document, name, 'contentDesc');
  } catch {
    throw new WechatError('INVALID_PARAMS', 'badContent', { type: 'Post', problem: 'it is not XML' });
  }
}

const snsSendMoment = operation({
  names: allVersions('snsSendMoment'),
  summary: { 'en-US': 'publishes a moment: a text', 'zh-CN': '发朋友圈（文本）' },
  readOnly: false,
  commands: ['postPublish'],
  params: Type.Object({ content: Type.String({ minLength: 1 }) }),
  result: Type.Object({ data: Moment }),
  handle: async (context, { content }) => {
    const text = parseMomentText(content);
    const { id } = await context.run('postPublish', { messagePayload: text });
    const { id: contactId = '' } = context.bot.state.user ?? {};
    const post = { id, contactId, postedAt: Date.now(), messageIds: [] };
    return ok({ data: await momentOf(context, post, text) });
  },
});

const snsTimeline = operation({
  names: allVersions('snsTimeline'),
  summary: { 'en-US': 'lists moments, newest first', 'zh-CN': '获取朋友圈，新的在前' },
  readOnly: true,
  commands: ['postFindAll'],
  params: Type.Object({ momentId: pageStart }),
  result: Page,
  handle: async (context, params) => ok(await momentPage(context, {}, params.momentId)),
});

const snsUserPage = operation({
  names: allVersions('snsUserPage'),
  summary: { 'en-US': 'lists the moments of a contact, newest first', 'zh-CN': '获取好友朋友圈信息' },
  readOnly: true,
  commands: ['postFindAll'],
  params: Type.Object({ userId: Type.String({ minLength: 1 }), momentId: pageStart }),
  result: Page,
  handle: async (context, params) =>
    ok(await momentPage(context, { id: resolveContactId(params.userId) }, params.momentId)),
});

const snsGetObject = operation({
  names: allVersions('snsGetObject'),
  summary: {
    'en-US': 'gets a moment with its comments and likes',
    'zh-CN': '获取朋友圈消息详情，含评论和点赞',
  },
  readOnly: true,
  commands: ['postFind'],
  params: Type.Object({ momentId }),
  result: Detail,
  handle: async (context, params) => {
    const { id } = await context.run('postFind', { id: String(params.momentId) });
    return ok({ data: await momentDetailOf(context, id) });
  },
});

const snsComment = operation({
  names: allVersions('snsComment'),
  summary: { 'en-US': 'comments on a moment', 'zh-CN': '评论朋友圈' },
  readOnly: false,
  commands: ['postPublish'],
  params: Type.Object({ userId: optionalText, momentId, content: Type.String({ minLength: 1 }) }),
  result: Detail,
  handle: async (context, { content, ...params }) => {
    const id = String(params.momentId);
    await context.run('postPublish', { parentId: id, messagePayload: content });
    return ok({ data: await changedMoment(context, id) });
  },
});

const snsLike = operation({
  names: allVersions('snsLike'),
  summary: { 'en-US': 'likes a moment', 'zh-CN': '朋友圈点赞' },
  readOnly: false,
  commands: ['postLike'],
  params: Type.Object({ userId: optionalText, momentId }),
  result: Detail,
  handle: async (context, params) => {
    const id = String(params.momentId);
    await context.run('postLike', { id });
    return ok({ data: await changedMoment(context, id) });
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
    await run('postLike', { id: String(params.momentId), like: false });
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
