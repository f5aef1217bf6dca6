import type { NodeAPI, NodeMessage } from 'node-red';

/** What the test asks of the probe: to call a function. */
export interface Call {
  id: number;
  /** The function's source text. */
  source: string;
  /** Its second parameter; the first is `Inside`, or the world of a bot. */
  argument: unknown;
  /** The id of the bot whose world is meant. */
  bot?: string;
}

/** What the probe tells the test. */
export type Report =
  | { kind: 'listening'; port: number }
  | { kind: 'started' }
  | { kind: 'missing-types'; types: string[] }
  | { kind: 'message'; sink: string; message: NodeMessage }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failure'; id: number; reason: string };

/** What a function sees that a test runs inside Node-RED. */
export interface Inside {
  RED: NodeAPI;
  /** Loads modules as the installed pack would: its own files by `@wechat-flow/node-red-wechaty/dist/…`. */
  require: NodeJS.Require;
}
