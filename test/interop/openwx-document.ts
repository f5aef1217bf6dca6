/** Parses the Openwx document, which is not part of this repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

const file = join(root, '..', 'shared', 'protocols', 'seed-4-openwx.txt');

/** The reason why the document cannot be read, if any. */
export function openwxDocumentMissing(): string | undefined {
  return existsSync(file) ? undefined : `the Openwx document is not at ${file}`;
}

function document(): string {
  return readFileSync(file, 'utf8');
}

/** The URLs of all calls of the document, in its order. */
export function calls(): URL[] {
  const found = document().match(/http:\/\/127\.0\.0\.1:3000\/openwx\/[^\s"<]+/g) ?? [];
  return [...new Set(found)].map((url) => new URL(url));
}

/** The paths in the document's table of contents. */
export function paths(): string[] {
  return [...document().matchAll(/^\/openwx\/(\w+) \|/gm)].map(([, path = '']) => path);
}

/** The field names in the document's response of a path. */
export function responseFields(path: string): string[] {
  const [, section = ''] = document().split(`\nuri | /openwx/${path} |\n`);
  const end = /\nAPI \| /.exec(section)?.index;
  // Comments may contain quotes.
  const shown = section.slice(0, end).replace(/#[^\n]*/g, '');
  return fieldNames(shown);
}

/** The posts of the document with their field names. */
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

/** The event names in the document's table. */
export function documentedEvents(): string[] {
  const text = document();
  const table = text.slice(text.indexOf('事件名称 | 事件说明'), text.indexOf('可以在Openwx插件中,通过'));
  return [...table.matchAll(/^(\w+) \|/gm)].map(([, name = '']) => name);
}

function fieldNames(text: string): string[] {
  return [...new Set([...text.matchAll(/"(\w+)"\s*:/g)].map(([, name = '']) => name))];
}
