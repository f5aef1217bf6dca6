/** The types of content that can be sent, in the order of pick lists. The editor imports this file too. */
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

/** A type of content. */
export type ContentType = (typeof contentTypes)[number];
