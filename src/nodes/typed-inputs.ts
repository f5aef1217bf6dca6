/**
 * What the forms of several nodes let people choose, as it is saved in a flow. Read by the editor and by the
 * runtime, so nothing here may need a browser or Node.js.
 */

import type { ContentType } from '../commands/content-types';

/** Where the value of a text-like field comes from. */
export type TextSource = 'str' | 'msg' | 'flow' | 'global' | 'env' | 'jsonata';

/** Where the value of a field that may be a list comes from; `json` is a list typed into the form. */
export type ListSource = TextSource | 'json';

/** Where the content of a message comes from; `bin` is a Buffer typed into the form. */
export type ContentSource = ListSource | 'bin';

/** The properties of every node that sends something. */
export interface ContentProperties {
  /** The value, or where it is found (`payload` for `msg.payload`). */
  content: string;
  /** What it is. `msg.contentType` overrides it. */
  contentType: ContentType;
  /** How `content` is to be read. */
  contentValueType: ContentSource;
}

/** A new sending node sends `msg.payload` as text. */
export const contentDefaults: ContentProperties = {
  content: 'payload',
  contentType: 'Text',
  contentValueType: 'msg',
};
