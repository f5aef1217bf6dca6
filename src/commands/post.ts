/** Commands about posts (moments). */
import Type, { type Static } from 'typebox';
import * as PUPPET from 'wechaty-puppet';
import { type Account, callLimits } from '../bot/account';
import { WechatError } from '../bot/errors';
import { milliseconds, text, texts } from '../bot/view-mappers';
import { describe } from '../bot/views';
import { command } from './command';
import { postOf } from './content/content';
import { SentMessage } from './broadcast';
import { contactIn, existing } from './resolve';
import { Changed, content, items, itsId, maybe, whichContact } from './shared-schemas';

/** The conversation in which posts wait for their turn. */
const moments = 'moments';

const id = itsId('the post', '动态 id');

const PostView = Type.Object({
  id: Type.String(),
  type: Type.Enum(['Unspecified', 'Moment', 'Channel', 'Message']),
  contactId: Type.String(describe('who published it', '发布者 id')),
  postedAt: Type.Integer(describe('when, in ms since 1970', '发布时间（毫秒）')),
  messageIds: Type.Array(
    Type.String(),
    describe('its parts, to be read like messages', '内容各部分的消息 id'),
  ),
  parentId: Type.Optional(Type.String(describe('what it comments on', '所评论的动态 id'))),
  rootId: Type.Optional(Type.String()),
  likes: Type.Integer(),
  comments: Type.Integer(),
});
type PostView = Static<typeof PostView>;

async function post(account: Account, postId: string): Promise<PostView> {
  const none = () => new WechatError('NOT_FOUND', 'postNotFound', { id: postId });
  const told: Partial<PUPPET.payloads.PostServer> = await existing(
    account.call('postPayload', async (puppet) => {
      const payload = await puppet.postPayload(postId);
      return PUPPET.payloads.isPostServer(payload) ? payload : {};
    }),
    none,
  );
  const type = PUPPET.types.Post[told.type ?? 0] as PostView['type'] | undefined;
  return {
    id: postId,
    type: type ?? 'Unspecified',
    contactId: text(told.contactId),
    postedAt: milliseconds(told.timestamp),
    messageIds: texts(told.sayableList),
    ...(told.parentId ? { parentId: told.parentId } : {}),
    ...(told.rootId ? { rootId: told.rootId } : {}),
    likes: told.counter?.taps?.[PUPPET.types.Tap.Like] ?? 0,
    comments: told.counter?.children ?? 0,
  };
}

const postPublish = command({
  name: 'postPublish',
  summary: {
    'en-US': 'publishes a moment, or comments on one',
    'zh-CN': '发布朋友圈动态，或评论动态',
  },
  readOnly: false,
  params: Type.Object({
    ...content,
    posts: Type.Optional(
      Type.Array(
        Type.Union([Type.String(), Type.Object({})]),
        describe(
          'several contents in one post, each a text or {messageType, messagePayload}',
          '一条动态中的多个内容，每个为文本或 {messageType, messagePayload}',
        ),
      ),
    ),
    parentId: maybe('the post this one comments on', '所评论的动态 id'),
    rootId: maybe(
      'the post at the root of the comments; parentId unless told',
      '评论所属的根动态，默认同 parentId',
    ),
  }),
  result: SentMessage,
  run: async (bot, { posts, parentId, rootId, ...single }, context) => {
    bot.account();
    const made = await postOf(bot, posts ?? [single], PUPPET.types.Post.Moment, context);
    const [parent] = items(parentId);
    const payload = parent === undefined ? made : { ...made, parentId: parent, rootId: rootId ?? parent };
    return { id: (await bot.send(moments, 'postPublish', (puppet) => puppet.postPublish(payload))) ?? '' };
  },
});

const postFind = command({
  name: 'postFind',
  summary: { 'en-US': 'reads a post by its id', 'zh-CN': '按 id 获取动态' },
  readOnly: true,
  params: Type.Object({ id }),
  result: PostView,
  run: (bot, params) => post(bot.account(), params.id),
});

const postFindAll = command({
  name: 'postFindAll',
  summary: { 'en-US': 'lists posts, newest first', 'zh-CN': '获取动态列表，新的在前' },
  readOnly: true,
  params: Type.Object({
    ...whichContact,
    parentId: maybe('only comments on this post', '仅此动态的评论'),
    size: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        ...describe('how many at most, 20 unless told', '最多条数，默认 20'),
      }),
    ),
  }),
  result: Type.Array(PostView),
  run: async (bot, { parentId, size = 20, ...which }) => {
    const account = bot.account();
    const isNamed = items(which.id, which.contactId).length > 0;
    const [parent] = items(parentId);
    const filter = {
      ...(isNamed ? { contactId: (await contactIn(account, which)).id } : {}),
      ...(parent === undefined ? {} : { parentId: parent }),
    };
    const found: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = { pageSize: size - found.length, ...(pageToken ? { pageToken } : {}) };
      const answer = await account.call('postSearch', (puppet) => puppet.postSearch(filter, page));
      found.push(...answer.response);
      pageToken = answer.response.length > 0 ? answer.nextPageToken : undefined;
    } while (pageToken && found.length < size);
    return Promise.all(found.slice(0, size).map((one) => post(account, one)));
  },
});

const postLike = command({
  name: 'postLike',
  summary: { 'en-US': 'likes a post, or does so no longer', 'zh-CN': '点赞或取消点赞' },
  readOnly: false,
  params: Type.Object({
    id,
    like: Type.Optional(Type.Boolean(describe('false takes the like back', 'false 为取消'))),
  }),
  result: Changed,
  run: async (bot, params) => {
    const account = bot.account();
    await post(account, params.id);
    const { Like } = PUPPET.types.Tap;
    await account.call('tap', (puppet) => puppet.tap(params.id, Like, params.like ?? true), callLimits.write);
    return { id: params.id };
  },
});

const postLikeFindAll = command({
  name: 'postLikeFindAll',
  summary: { 'en-US': 'tells who likes a post', 'zh-CN': '获取点赞列表' },
  readOnly: true,
  params: Type.Object({ id }),
  result: Type.Array(Type.Object({ contactId: Type.String(), timestamp: Type.Integer() })),
  run: async (bot, params) => {
    const account = bot.account();
    await post(account, params.id);
    const { Like } = PUPPET.types.Tap;
    const { response } = await account.call('tapSearch', (puppet) =>
      puppet.tapSearch(params.id, { type: Like }),
    );
    const likes = response[Like];
    return texts(likes?.contactId).map((contactId, index) => ({
      contactId,
      timestamp: milliseconds(likes?.timestamp[index]),
    }));
  },
});

export const postCommands = [postPublish, postFind, postFindAll, postLike, postLikeFindAll];
