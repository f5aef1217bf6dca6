/** Parameters shared by several operations. */
import type { Parameter } from './operation';

const parameter = (en: string, zh: string): Parameter => ({ summary: { 'en-US': en, 'zh-CN': zh } });

/** A required parameter. */
export function required(en: string, zh: string): Parameter {
  return { ...parameter(en, zh), required: true };
}

/** Identify a friend: one is enough, all that are given must match. */
export const friend = {
  id: parameter("the friend's id", '好友的 id'),
  account: parameter("the friend's WeChat number", '好友的帐号'),
  displayname: parameter('the displayed name: the remark, else the name', '好友的显示名称'),
  markname: parameter('the remark on the friend', '好友的备注'),
} satisfies Record<string, Parameter>;

/** Identify a group. */
export const group = {
  id: parameter("the group's id", '群组的 id'),
  displayname: parameter("the group's name", '群组的显示名称'),
} satisfies Record<string, Parameter>;

/** The content of a message. */
export const content = {
  content: parameter('a text', '文本内容'),
  media_id: parameter(
    'the id of media sent, uploaded or received before',
    '媒体 id（之前发送、上传或收到的媒体）',
  ),
  media_path: parameter('the path or URL of a file', '媒体路径，文件路径或 URL'),
  media_data: parameter('a file, in Base64', 'Base64 编码的媒体内容'),
  media_name: parameter('the name of the file', '媒体文件名'),
} satisfies Record<string, Parameter>;

/** Whether the response precedes the send. */
export const asyncOption = {
  async: parameter('1: respond before sending', '1 表示异步发送，立即返回'),
} satisfies Record<string, Parameter>;

export { parameter as optional };
