/** Parses the WXBot document, its examples and its program; it is not part of this repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

const file = join(root, '..', 'shared', 'protocols', 'seed-3-wxbot.txt');

/** The reason why the document cannot be read, if any. */
export function documentMissing(): string | undefined {
  return existsSync(file) ? undefined : `the protocol's document is not at ${file}`;
}

function codeBlocks(heading: string): string[] {
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(`# ${heading}\n`);
  if (start < 0) throw new Error(`${file} has no section ${heading}.`);
  const rest = text.slice(start).replace(/^# /, '');
  // Comments in programs look like headings.
  const prose = rest.replace(/```[^]*?```/g, (block) => block.replace(/^#/gm, '\u0000'));
  const end = prose.search(/^#{2,5} /m);
  const section = (end < 0 ? prose : prose.slice(0, end)).replaceAll('\u0000', '#');
  return [...section.matchAll(/```\w*\n([^]*?)```/g)].map(([, code = '']) => code);
}

/** Parses an example, which is Python with omissions. */
function parsed(code: string): Record<string, unknown> {
  const json = code
    .replace(/\s#.*$/gm, '')
    .replaceAll(/\{(\*\*\*|\.\.\.)\}/g, '{}')
    .replace(/,(\s*\})/g, '$1');
  return JSON.parse(json.slice(json.indexOf('{'))) as Record<string, unknown>;
}

/** An example of a request. */
export interface ExampleRequest {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** The examples of requests: text, image, voice, video. */
export function exampleRequests(): ExampleRequest[] {
  return ['文本', '图片', '语音', '视频'].map((kind) => {
    const text = readFileSync(file, 'utf8');
    const [, heading = ''] = new RegExp(`^#+ (给指定群/用户发送${kind}消息.*)$`, 'm').exec(text) ?? [];
    const [code = ''] = codeBlocks(heading);
    return { path: /https:\/\/[^/]+(\/[^?\s]+)/.exec(code)?.[1] ?? '', body: parsed(code) };
  });
}

/** The examples of results: one success, then one failure. */
export function exampleResults(of: '接收鉴权结果' | '返回示例'): Record<string, unknown>[] {
  return codeBlocks(of)
    .flatMap((code) => code.split(/^# /m))
    .filter((code) => code.includes('{'))
    .map(parsed);
}

/** The example of a handshake. */
export function exampleHandshake(): Record<string, unknown> {
  return parsed(codeBlocks('发送鉴权包')[0] ?? '');
}

/** The example of an event. */
export function exampleEvent(): Record<string, unknown> {
  return parsed(codeBlocks('WebSocket同步消息事件')[0] ?? '');
}

/** The document's Python program with URL and key filled in. */
export function program(url: string, key: string): string {
  const code = codeBlocks('WebSocket同步消息事件').find((block) => block.includes('import websockets'));
  if (code === undefined) throw new Error(`${file} has no program.`);
  return code.replace(/'ws:\/\/[^']+'/, `'${url}'`).replace(/'这里填[^']*'/, `'${key}'`);
}
