import type { RED as EditorRED } from '@node-red/editor-client';

declare global {
  /** Node-RED's editor: the one global that a node's editor code talks to. */
  const RED: EditorRED;
}
