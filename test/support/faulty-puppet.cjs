/**
 * A puppet that throws once where nothing awaits it, and works afterwards. Options: `way` (a key of `ways`) and `when`:
 * `start`, `run` or `stop`.
 */
const { EventEmitter } = require('node:events');
const { readFile } = require('node:fs');
const { connect } = require('node:net');
const { Transform } = require('node:stream');
const { setImmediate } = require('node:timers');
const { Puppet } = require('wechaty-puppet');

/** Each throws, or emits an error without a listener, after it has returned. */
const ways = {
  timer: (error) =>
    setTimeout(() => {
      throw error;
    }, 1),
  immediate: (error) =>
    setImmediate(() => {
      throw error;
    }),
  tick: (error) =>
    process.nextTick(() => {
      throw error;
    }),
  microtask: (error) =>
    globalThis.queueMicrotask(() => {
      throw error;
    }),
  promise: (error) => void Promise.reject(error),
  'async function': (error) =>
    void (async () => {
      await null;
      throw error;
    })(),
  'no error': (error) => void Promise.reject(error.message),
  emitter: (error) => setTimeout(() => new EventEmitter().emit('error', error), 1),
  stream: (error) => void new Transform({ transform: (_chunk, _encoding, done) => done(error) }).write('x'),
  'file callback': (error) =>
    readFile(`${__dirname}/package.json`, () => {
      throw error;
    }),
  socket: (error) =>
    connect(1, '127.0.0.1').on('error', () => {
      throw error;
    }),
};

const thrown = new Set();

class FaultyPuppet extends Puppet {
  #options;

  constructor(options) {
    super(options);
    this.#options = options;
    this.#fail('construction');
  }

  name() {
    return 'faulty';
  }
  version() {
    return '1';
  }
  async onStart() {
    this.#fail('start');
    setTimeout(() => {
      this.login('self');
      this.emit('ready', { data: '' });
      this.#fail('run');
    }, 20);
  }
  async onStop() {
    this.#fail('stop');
  }
  ding(data) {
    setImmediate(() => this.emit('dong', { data }));
  }
  async contactRawPayload(id) {
    return { id, name: 'Self' };
  }
  async contactRawPayloadParser(payload) {
    return payload;
  }

  #fail(when) {
    const { way, when: wanted, label } = this.#options;
    if (when !== wanted || thrown.has(label)) return;
    thrown.add(label);
    ways[way](new Error(`thrown by ${label}`));
  }
}

exports.default = FaultyPuppet;
exports.ways = Object.keys(ways);
