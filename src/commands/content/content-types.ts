/** The types of content that can be sent, in the order in which people look for them. Read by the editor as well. */
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
