/**
 * Requests of the protocol and their bodies (the WXBot document, section 目前开放以下接口). Validation and the API document
 * are derived from this table.
 */
import Type, { type Static } from 'typebox';
import { describe } from '../../i18n/describe';

const base64 = (en: string, zh: string) => Type.String({ minLength: 1, ...describe(en, zh) });

const common = {
  Token: Type.String(
    describe('the token of the bot that sends; one of the tokens of the node', '微信号绑定的 token'),
  ),
  UserName: Type.String({
    minLength: 1,
    maxLength: 256,
    ...describe('the recipient: the id of a room or a contact', '群 id 或对方微信号'),
  }),
};

const duration = (en: string, zh: string) => Type.Optional(Type.Integer({ minimum: 0, ...describe(en, zh) }));

/** File extensions of voice messages, by the number in `Type`. */
export const voiceTypes = ['amr', 'speex', 'mp3', 'wav', 'silk'] as const;

/** Requests by the last part of their path. */
export const sends = {
  sendText: {
    summary: { 'en-US': 'sends a text', 'zh-CN': '发送文本消息' },
    /** The field that identifies this request: the document shows all but images under one path. */
    field: 'Content',
    body: Type.Object({
      ...common,
      Content: Type.String({ minLength: 1, ...describe('the text', '文本内容') }),
    }),
  },
  sendImage: {
    summary: { 'en-US': 'sends an image', 'zh-CN': '发送图片消息' },
    field: 'Base64Image',
    body: Type.Object({
      ...common,
      Base64Image: base64('the image in Base64, bare or behind data:…,', '图片的 Base64，可带 data:…, 前缀'),
    }),
  },
  sendVoice: {
    summary: { 'en-US': 'sends a voice message', 'zh-CN': '发送语音消息' },
    field: 'DataFileBase64',
    body: Type.Object({
      ...common,
      Type: Type.Integer({
        minimum: 0,
        maximum: voiceTypes.length - 1,
        ...describe(
          'the format: 0 AMR, 1 SPEEX, 2 MP3, 3 WAVE, 4 SILK',
          '音频格式：0 AMR，1 SPEEX，2 MP3，3 WAVE，4 SILK',
        ),
      }),
      DataFileBase64: base64('the sound in Base64', '音频文件的 Base64'),
      VoiceTime: duration('the duration, in ms', '音频时长（毫秒）'),
    }),
  },
  sendVideo: {
    summary: { 'en-US': 'sends a video', 'zh-CN': '发送视频消息' },
    field: 'VideoFileBase64',
    body: Type.Object({
      ...common,
      VideoFileBase64: base64('the video in Base64', '视频文件的 Base64'),
      ImageFileBase64: Type.Optional(
        Type.String(
          describe(
            'the preview in Base64; not used, WeChat creates its own',
            '缩略图的 Base64（不使用，由微信生成）',
          ),
        ),
      ),
      VideoTime: duration('the duration, in ms; not used', '视频时长（毫秒，不使用）'),
    }),
  },
} as const;

/** The name of a request. */
export type SendName = keyof typeof sends;

/** The body of a request. */
export type SendBody<Name extends SendName = SendName> = Static<(typeof sends)[Name]['body']>;

/** All names. */
export const sendNames = Object.keys(sends) as SendName[];

/** The path before the name. */
export const sendPath = '/wxapi/pc/message/';
