import type { RED as EditorRED } from '@node-red/editor-client';

declare global {
  /** The editor API of Node-RED. */
  const RED: EditorRED;
}
