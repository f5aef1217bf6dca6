/** Commands about posts (moments). */
import Type, { type Static } from 'typebox';
import * as PUPPET from 'wechaty-puppet';
import { type Account, callTimeouts } from '../bot/account';
import { WechatError } from '../bot/errors';
import { toMilliseconds, asString, asStrings } from '../bot/view-mappers';
import { describe } from '../i18n/describe';
import { command } from './command';
import { buildPost } from './content/content';
import { SentMessageResult } from './broadcast';
import { resolveContact, orNotFound } from './resolve';
import {
  ChangedResult,
  contactRef,
  contentParams,
  idParam,
  optionalString,
  toList,
  withOneOf,
} from './shared-schemas';

/** The send queue's conversation for posts. */
const moments = 'moments';

const id = idParam('the post', '朋友圈 id', 'post');

const PostView = Type.Object({
  id: Type.String(),
  type: Type.Enum(['Unspecified', 'Moment', 'Channel', 'Message']),
  contactId: Type.String(describe('the publisher', '发布者 id')),
  postedAt: Type.Integer(describe('time of publication in ms since 1970', '发布时间（毫秒）')),
  messageIds: Type.Array(
    Type.String(),
    describe('the parts; can be read like messages', '内容各部分的消息 id'),
  ),
  parentId: Type.Optional(Type.String(describe('the post that this one comments on', '所评论的朋友圈 id'))),
  rootId: Type.Optional(Type.String()),
  likes: Type.Integer(),
  comments: Type.Integer(),
});
type PostView = Static<typeof PostView>;

async function findPost(account: Account, postId: string): Promise<PostView> {
  const notFound = () => new WechatError('NOT_FOUND', 'postNotFound', { id: postId });
  const payload: Partial<PUPPET.payloads.PostServer> = await orNotFound(
    account.call('postPayload', async (puppet) => {
      const post = await puppet.postPayload(postId);
      return PUPPET.payloads.isPostServer(post) ? post : {};
    }),
    notFound,
  );
  const type = PUPPET.types.Post[payload.type ?? 0] as PostView['type'] | undefined;
  return {
    id: postId,
    type: type ?? 'Unspecified',
    contactId: asString(payload.contactId),
    postedAt: toMilliseconds(payload.timestamp),
    messageIds: asStrings(payload.sayableList),
    ...(payload.parentId ? { parentId: payload.parentId } : {}),
    ...(payload.rootId ? { rootId: payload.rootId } : {}),
    likes: payload.counter?.taps?.[PUPPET.types.Tap.Like] ?? 0,
    comments: payload.counter?.children ?? 0,
  };
}

/** The content of a post: one or several. */
const contents = {
  messagePayload: Type.Optional(contentParams.messagePayload),
  posts: Type.Optional(
    Type.Array(
      Type.Union([Type.String(), Type.Object({})]),
      describe(
        'several contents in one post, each a text or {messageType, messagePayload}',
        '一条朋友圈中的多个内容，每个为文本或 {messageType, messagePayload}',
      ),
    ),
  ),
};

const postPublish = command({
  name: 'postPublish',
  summary: {
    'en-US': 'publishes a moment, or comments on one',
    'zh-CN': '发布朋友圈，或评论朋友圈',
  },
  readOnly: false,
  params: withOneOf(
    {
      ...contentParams,
      ...contents,
      parentId: optionalString('the post to comment on', '所评论的朋友圈 id', { 'x-kind': 'post' }),
      rootId: optionalString(
        'the root post of the comments; default: parentId',
        '评论所属的根朋友圈，默认同 parentId',
        {
          'x-kind': 'post',
        },
      ),
    },
    contents,
  ),
  result: SentMessageResult,
  run: async (bot, { posts, parentId, rootId, ...single }, context) => {
    bot.account();
    const post = await buildPost(bot, posts ?? [single], PUPPET.types.Post.Moment, context);
    const [parent] = toList(parentId);
    const payload = parent === undefined ? post : { ...post, parentId: parent, rootId: rootId ?? parent };
    return { id: (await bot.send(moments, 'postPublish', (puppet) => puppet.postPublish(payload))) ?? '' };
  },
});

const postFind = command({
  name: 'postFind',
  summary: { 'en-US': 'reads a post by its id', 'zh-CN': '按 id 获取朋友圈' },
  readOnly: true,
  params: Type.Object({ id }),
  result: PostView,
  run: (bot, params) => findPost(bot.account(), params.id),
});

const defaultPostCount = 20;

const postFindAll = command({
  name: 'postFindAll',
  summary: { 'en-US': 'lists posts, newest first', 'zh-CN': '获取朋友圈列表，新的在前' },
  readOnly: true,
  params: Type.Object({
    ...contactRef,
    parentId: optionalString('only comments on this post', '仅此朋友圈的评论', { 'x-kind': 'post' }),
    size: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        default: defaultPostCount,
        ...describe('the maximum number of posts', '最多条数'),
      }),
    ),
  }),
  result: Type.Array(PostView),
  run: async (bot, { parentId, size = defaultPostCount, ...which }) => {
    const account = bot.account();
    const isNamed = toList(which.id, which.contactId).length > 0;
    const [parent] = toList(parentId);
    const filter = {
      ...(isNamed ? { contactId: (await resolveContact(account, which)).id } : {}),
      ...(parent === undefined ? {} : { parentId: parent }),
    };
    const ids: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = { pageSize: size - ids.length, ...(pageToken ? { pageToken } : {}) };
      const response = await account.call('postSearch', (puppet) => puppet.postSearch(filter, page));
      ids.push(...response.response);
      pageToken = response.response.length > 0 ? response.nextPageToken : undefined;
    } while (pageToken && ids.length < size);
    return Promise.all(ids.slice(0, size).map((postId) => findPost(account, postId)));
  },
});

const postLike = command({
  name: 'postLike',
  summary: { 'en-US': 'likes a post or removes the like', 'zh-CN': '点赞或取消点赞' },
  readOnly: false,
  params: Type.Object({
    id,
    like: Type.Optional(
      Type.Boolean({ default: true, ...describe('false removes the like', 'false 为取消') }),
    ),
  }),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    await findPost(account, params.id);
    const { Like } = PUPPET.types.Tap;
    await account.call(
      'tap',
      (puppet) => puppet.tap(params.id, Like, params.like ?? true),
      callTimeouts.write,
    );
    return { id: params.id };
  },
});

const postLikeFindAll = command({
  name: 'postLikeFindAll',
  summary: { 'en-US': 'lists the likes of a post', 'zh-CN': '获取点赞列表' },
  readOnly: true,
  params: Type.Object({ id }),
  result: Type.Array(Type.Object({ contactId: Type.String(), timestamp: Type.Integer() })),
  run: async (bot, params) => {
    const account = bot.account();
    await findPost(account, params.id);
    const { Like } = PUPPET.types.Tap;
    const { response } = await account.call('tapSearch', (puppet) =>
      puppet.tapSearch(params.id, { type: Like }),
    );
    const likes = response[Like];
    return asStrings(likes?.contactId).map((contactId, index) => ({
      contactId,
      timestamp: toMilliseconds(likes?.timestamp[index]),
    }));
  },
});

export const postCommands = [postPublish, postFind, postFindAll, postLike, postLikeFindAll];
