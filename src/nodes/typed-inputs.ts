/**
 * What the forms of several nodes let people choose, as it is saved in a flow. Read by the editor and by the
 * runtime, so nothing here may need a browser or Node.js.
 */

/** Where the value of a text-like field comes from. */
export type TextSource = 'str' | 'msg' | 'flow' | 'global' | 'env' | 'jsonata';

/** Where the value of a field that may be a list comes from; `json` is a list typed into the form. */
export type ListSource = TextSource | 'json';

/** Where the content of a message comes from; `bin` is a Buffer typed into the form. */
export type ContentSource = ListSource | 'bin';

/** The kinds of content that can be sent, in the order in which people look for them. */
export const contentTypes = [
  'Text',
  'Image',
  'Attachment',
  'Video',
  'Audio',
  'Emoticon',
  'Url',
  'MiniProgram',
  'Location',
  'Contact',
  'Post',
] as const;

/** A kind of content that can be sent. */
export type ContentTypeName = (typeof contentTypes)[number];

/** The properties of every node that sends something. */
export interface ContentProperties {
  /** The value, or where it is found (`payload` for `msg.payload`). */
  content: string;
  /** What it is. `msg.contentType` overrides it. */
  contentType: ContentTypeName;
  /** How `content` is to be read. */
  contentValueType: ContentSource;
}

/** A new sending node sends `msg.payload` as text. */
export const contentDefaults: ContentProperties = {
  content: 'payload',
  contentType: 'Text',
  contentValueType: 'msg',
};
