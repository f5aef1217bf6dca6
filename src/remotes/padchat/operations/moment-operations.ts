/** Moments, with the puppets that have them. */
import { XMLParser } from 'fast-xml-parser';
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import type { ContactView } from '../../../bot/views';
import { xmlText } from '../../wechat/wechat-xml';
import { type Context, done, everywhere, operation } from './operation';
import { contactIdIn } from '../../wechat/v1-code';

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const momentId = Type.String({ minLength: 1 });

/** Moments on a page. */
const pageSize = 20;

/** Moments that are looked through for the one after which a page begins. */
const reach = 200;

/** A post as the commands give it. */
interface Post {
  readonly id: string;
  readonly contactId: string;
  readonly postedAt: number;
  readonly messageIds: readonly string[];
}

const Moment = Type.Object({
  id: Type.String(),
  userName: Type.String(),
  nickName: Type.String(),
  createTime: Type.Integer(),
  description: Type.String(),
});

/** A moment the way WeChat has it: what it says is XML. */
async function momentOf({ ask }: Context, post: Post): Promise<object> {
  const author = await ask<ContactView | null>('contactFind', { id: post.contactId }).catch(() => null);
  const parts = await Promise.all(
    post.messageIds.map((id) =>
      ask<{ type: string; text: string } | null>('messageFind', { id }).catch(() => null),
    ),
  );
  const said = parts.flatMap((part) => (part?.type === 'Text' ? [part.text] : [])).join('\n');
  const createTime = Math.floor(post.postedAt / 1000);
  const fields = { id: post.id, username: post.contactId, createTime: String(createTime), contentDesc: said };
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${xmlText(value)}</${name}>`);
  const description = `<TimelineObject>${inner.join('')}</TimelineObject>`;
  return { id: post.id, userName: post.contactId, nickName: author?.name ?? '', createTime, description };
}

async function page(context: Context, filter: object, after: string | null | undefined): Promise<object> {
  const posts = await context.ask<Post[]>('postFindAll', { ...filter, size: after ? reach : pageSize });
  const start = after ? posts.findIndex(({ id }) => id === after) + 1 : 0;
  const shown = after && start === 0 ? [] : posts.slice(start, start + pageSize);
  const moments = await Promise.all(shown.map((post) => momentOf(context, post)));
  return { count: moments.length, data: moments, page: '' };
}

const Page = Type.Object({ count: Type.Integer(), data: Type.Array(Moment), page: Type.String() });

const parser = new XMLParser({ processEntities: false, parseTagValue: false });

/** The text of a moment that may be given as WeChat's XML. @throws WechatError INVALID_PARAMS */
function momentText(content: string): string {
  if (!content.trimStart().startsWith('<')) return content;
  let document: Readonly<Record<string, unknown>>;
  try {
    document = parser.parse(content) as Readonly<Record<string, unknown>>;
  } catch {
    throw new WechatError('INVALID_PARAMS', 'badContent', { type: 'Post', problem: 'it is not XML' });
  }
  const [root] = Object.values(document);
  const said = (root as { contentDesc?: unknown } | undefined)?.contentDesc;
  return typeof said === 'string' ? said : '';
}

const snsSendMoment = operation({
  names: everywhere('snsSendMoment'),
  summary: { 'en-US': 'publishes a moment: a text', 'zh-CN': '发朋友圈（文本）' },
  readOnly: false,
  params: Type.Object({ content: Type.String({ minLength: 1 }) }),
  result: Type.Object({ data: Moment }),
  run: async (context, { content }) => {
    const { id } = await context.ask<{ id: string }>('postPublish', { messagePayload: momentText(content) });
    const { id: contactId = '' } = context.bot.state.user ?? {};
    const post = { id, contactId, postedAt: Date.now(), messageIds: [] };
    return done({ data: await momentOf(context, post) });
  },
});

const snsTimeline = operation({
  names: everywhere('snsTimeline'),
  summary: { 'en-US': 'lists moments, newest first', 'zh-CN': '获取朋友圈动态' },
  readOnly: true,
  params: Type.Object({ momentId: text }),
  result: Page,
  run: async (context, params) => done(await page(context, {}, params.momentId)),
});

const snsUserPage = operation({
  names: everywhere('snsUserPage'),
  summary: { 'en-US': 'lists the moments of somebody, newest first', 'zh-CN': '获取好友朋友圈信息' },
  readOnly: true,
  params: Type.Object({ userId: Type.String({ minLength: 1 }), momentId: text }),
  result: Page,
  run: async (context, params) =>
    done(await page(context, { id: contactIdIn(params.userId, undefined) }, params.momentId)),
});

const snsGetObject = operation({
  names: everywhere('snsGetObject'),
  summary: { 'en-US': 'gets a moment', 'zh-CN': '获取朋友圈消息详情' },
  readOnly: true,
  params: Type.Object({ momentId }),
  result: Type.Object({ data: Moment }),
  run: async (context, params) => {
    const post = await context.ask<Post>('postFind', { id: params.momentId });
    return done({ data: await momentOf(context, post) });
  },
});

const snsComment = operation({
  names: everywhere('snsComment'),
  summary: { 'en-US': 'comments on a moment', 'zh-CN': '评论朋友圈' },
  readOnly: false,
  params: Type.Object({ userId: text, momentId, content: Type.String({ minLength: 1 }) }),
  run: async ({ ask }, { content, ...params }) => {
    await ask('postPublish', { parentId: params.momentId, messagePayload: content });
    return done();
  },
});

const snsLike = operation({
  names: everywhere('snsLike'),
  summary: { 'en-US': 'likes a moment', 'zh-CN': '朋友圈点赞' },
  readOnly: false,
  params: Type.Object({ userId: text, momentId }),
  run: async ({ ask }, params) => {
    await ask('postLike', { id: params.momentId });
    return done();
  },
});

/** The kind of action that takes a like back. */
const unlike = 5;

const snsObjectOp = operation({
  names: { A: 'snsObjectOp', B: 'snsObjectOp', C: 'snsobjectOp' },
  aliases: ['snsObjectOp', 'snsobjectOp'],
  summary: {
    'en-US': 'takes a like back (type 5); deleting is not supported',
    'zh-CN': '取消点赞（类型 5），不支持删除',
  },
  readOnly: false,
  params: Type.Object({
    momentId,
    type: Type.Union([Type.Integer(), Type.String()]),
    commentId: Type.Optional(Type.Unknown()),
    commentType: Type.Optional(Type.Unknown()),
  }),
  run: async ({ ask }, { type, ...params }) => {
    if (Number(type) !== unlike) throw new WechatError('UNSUPPORTED', 'momentActionUnsupported');
    await ask('postLike', { id: params.momentId, like: false });
    return done();
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
