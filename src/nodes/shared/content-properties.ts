/** The saved properties of the content that a node sends. */
import { contentTypes } from '../../commands/content/content-types';
import { choice, source, typedValue, type TypedValue } from './property-types';
import type { ContentSource } from './typed-inputs';

/** The content properties of every node that sends messages; in a new node, `msg.payload` as text. */
export const contentPropertyTypes = {
  /** The value or its location (`payload` for `msg.payload`). */
  content: typedValue('payload'),
  /** The type of the content. `msg.contentType` overrides it. */
  contentType: choice('Text', contentTypes),
  /** The source of `content`. */
  contentValueType: source<ContentSource>('msg'),
};

/** The content properties at run time. */
export interface ContentValues {
  readonly content: TypedValue;
  readonly contentType: string;
  readonly contentValueType: string;
}
