/** Operations that no Wechaty puppet supports: each fails with UNSUPPORTED. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import { allVersions, operation, type Operation } from './operation';

const descriptions: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  deleteContact: ['deletes a friend', '删除好友'],
  dumpWxuser: ['dumps the session', '导出会话数据'],
  snsUpload: ['uploads an image for a moment', '朋友圈上传图片'],
  syncFav: ['lists favourites', '同步收藏消息'],
  addFav: ['adds a favourite', '添加收藏'],
  getFav: ['gets a favourite', '获取收藏消息详情'],
  deleteFav: ['deletes a favourite', '删除收藏'],
  queryTransfer: ['looks at a transfer of money', '查看转账消息'],
  acceptTransfer: ['accepts a transfer of money', '接受转账'],
  receiveRedPacket: ['receives a red packet', '接收红包'],
  openRedPacket: ['opens a red packet', '领取红包'],
  queryRedPacket: ['looks at a red packet', '查看红包信息'],
  getMpInfo: ['finds an official account', '获取公众号 gh'],
  searchMp: ['searches official accounts', '搜索公众号'],
  getSubscriptionInfo: ['gets an official account', '获取公众号信息'],
  operateSubscription: ["uses an official account's menu", '操作公众号菜单'],
  getRequestToken: ["gets an official account's authorization", '获取公众号授权信息'],
  requestUrl: ['opens a page with that authorization', '获取公众号授权页面'],
};

export const unsupportedOperations: readonly Operation[] = Object.entries(descriptions).map(
  ([name, [en, zh]]) =>
    operation({
      names: allVersions(name),
      summary: { 'en-US': en, 'zh-CN': zh },
      unsupported: 'operationUnsupported',
      readOnly: true,
      params: Type.Object({}),
      handle: () => Promise.reject(new WechatError('UNSUPPORTED', 'operationUnsupported', { name })),
    }),
);
