/** The Openwx document: the calls and the answers it shows, read where it lies and kept nowhere. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

const file = join(root, '..', 'shared', 'protocols', 'seed-4-openwx.txt');

/** Why the document cannot be read, if so. */
export function openwxDocumentMissing(): string | undefined {
  return existsSync(file) ? undefined : `the Openwx document is not at ${file}`;
}

function document(): string {
  return readFileSync(file, 'utf8');
}

/** The URLs of all calls the document shows, in its order. */
export function calls(): URL[] {
  const found = document().match(/http:\/\/127\.0\.0\.1:3000\/openwx\/[^\s"<]+/g) ?? [];
  return [...new Set(found)].map((url) => new URL(url));
}

/** The paths in the document's own table of contents. */
export function paths(): string[] {
  return [...document().matchAll(/^\/openwx\/(\w+) \|/gm)].map(([, path = '']) => path);
}

/** The names of the fields in the answer that the document shows of a path. */
export function answerFields(path: string): string[] {
  const [, section = ''] = document().split(`\nuri | /openwx/${path} |\n`);
  const end = /\nAPI \| /.exec(section)?.index;
  // Its comments hold quotes.
  const shown = section.slice(0, end).replace(/#[^\n]*/g, '');
  return fieldNames(shown);
}

/** The kinds of posts the document shows, and the names of the fields in each. */
export function posts(): { readonly post: string; readonly fields: string[] }[] {
  const text = document();
  const start = text.indexOf('普通好友消息或群消息上报');
  const end = text.indexOf('API | 发送消息给好友并等待好友回答');
  const shown = text.slice(start, end).replace(/ #[^\n]*/g, '');
  return shown
    .split(/\n(?=\{)/)
    .filter((block) => /^\{ ?\n?\s*["']/.test(block) && /post_type|'format'/.test(block))
    .map((block) => {
      const [post = ''] = block.split(/\n\}/);
      return { post, fields: fieldNames(post.replace(/'(\w+)' =>/g, '"$1":')) };
    });
}

/** The events the document's table names. */
export function documentedEvents(): string[] {
  const text = document();
  const table = text.slice(text.indexOf('事件名称 | 事件说明'), text.indexOf('可以在Openwx插件中,通过'));
  return [...table.matchAll(/^(\w+) \|/gm)].map(([, name = '']) => name);
}

function fieldNames(text: string): string[] {
  return [...new Set([...text.matchAll(/"(\w+)"\s*:/g)].map(([, name = '']) => name))];
}
