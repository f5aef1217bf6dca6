import type { NodeAPI, NodeMessage } from 'node-red';

/** A request to the agent: call a function. */
export interface AgentCall {
  id: number;
  /** The function's source text. */
  source: string;
  /** Its second argument; the first is an `AgentContext`, or the simulation of `bot`. */
  argument: unknown;
  /** The id of the bot whose simulation is the first argument. */
  bot?: string;
}

/** A report of the agent to the test. */
export type AgentReport =
  | { kind: 'listening'; port: number }
  | { kind: 'started' }
  | { kind: 'missing-types'; types: string[] }
  | { kind: 'message'; sink: string; message: NodeMessage }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failure'; id: number; reason: string };

/** The first argument of functions that run inside Node-RED. */
export interface AgentContext {
  RED: NodeAPI;
  /** Resolves modules from the user directory: files of the package by `@wechat-flow/node-red-wechaty/dist/…`. */
  require: NodeJS.Require;
}
