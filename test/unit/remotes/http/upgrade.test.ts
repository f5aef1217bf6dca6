import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { exchangeRaw, startServer, type StartedServer } from './raw-http-client';

/** Echoes method, path and body. */
async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  response.end(`<${request.method ?? ''} ${request.url ?? ''} ${body}>`);
}

const h2c = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'];
const get = (path: string, ...headers: string[]): string[] => [`GET ${path} HTTP/1.1`, 'Host: x', ...headers];
const post = (length: number, ...headers: string[]): string[] => [
  'POST /p HTTP/1.1',
  'Host: x',
  `Content-Length: ${length}`,
  ...headers,
];
const chunked = ['POST /c HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', ...h2c];
const last = 'GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const lines = (head: readonly string[], body = ''): string => `${head.join('\r\n')}\r\n\r\n${body}`;

/** What a client sends, in packets, and the responses it gets. */
const cases: Record<string, { sent: string[]; answers: string[] }> = {
  'h2c, as by the HTTP client of Java': { sent: [lines(get('/a', ...h2c))], answers: ['<GET /a >'] },
  'h2c with a body': { sent: [lines(post(5, ...h2c), 'hello')], answers: ['<POST /p hello>'] },
  'a body in later packets': {
    sent: [lines(post(10, ...h2c), 'he'), 'llo', 'world'],
    answers: ['<POST /p helloworld>'],
  },
  'a chunked body': { sent: [lines(chunked, '3\r\nabc\r\n0\r\n\r\n')], answers: ['<POST /c abc>'] },
  'several requests on one connection': {
    sent: Array.from({ length: 20 }, (_, index) => lines(get(`/${index}`, ...h2c))),
    answers: Array.from({ length: 20 }, (_, index) => `<GET /${index} >`),
  },
  'a pipelined request before it': {
    sent: [lines(get('/1')) + lines(get('/2', ...h2c)) + lines(get('/3'))],
    answers: ['<GET /1 >', '<GET /2 >', '<GET /3 >'],
  },
  'an unknown protocol': {
    sent: [lines(get('/tls', 'Connection: keep-alive, Upgrade', 'Upgrade: TLS/1.0'))],
    answers: ['<GET /tls >'],
  },
  'a choice of protocols': {
    sent: [lines(get('/two', 'Connection: Upgrade', 'Upgrade: h2c, websocket'))],
    answers: ['<GET /two >'],
  },
  'a WebSocket by POST': {
    sent: [lines(post(2, 'Connection: Upgrade', 'Upgrade: websocket'), 'hi')],
    answers: ['<POST /p hi>'],
  },
};

for (const [server, handlers] of [
  ['with WebSockets', { onUpgrade: () => assert.fail('no WebSocket was opened') }],
  ['without WebSockets', {}],
] as const) {
  describe(`ManagedHttpServer ${server}, offered an upgrade`, () => {
    let started: StartedServer;
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    before(async () => {
      process.on('warning', onWarning);
      started = await startServer({ onRequest: echo, ...handlers });
    });
    after(async () => {
      process.off('warning', onWarning);
      await started.server.stop();
      assert.deepEqual(warnings, []);
    });

    for (const [name, { sent, answers }] of Object.entries(cases)) {
      it(`answers the request: ${name}`, async () => {
        const received = await exchangeRaw(started.port, ...sent, last);
        assert.deepEqual(received.match(/<[^>]*>/g), [...answers, '<GET /last >'], received);
        assert.doesNotMatch(received, /HTTP\/1.1 [^2]/);
      });
    }

    it('counts one connection and none afterwards', async () => {
      const received = await exchangeRaw(started.port, lines(get('/n', ...h2c)), last);
      assert.match(received, /last/);
      assert.equal(started.server.status.clients, 0);
    });
  });
}

describe('ManagedHttpServer', () => {
  it('answers an offer of WebSockets when it has none', async () => {
    const { server, port } = await startServer({ onRequest: echo });
    const offer = ['Connection: Upgrade', 'Upgrade: websocket'];
    const received = await exchangeRaw(port, lines(get('/w', ...offer)), last);
    assert.match(received, /<GET \/w >[^]*<GET \/last >/);
    await server.stop();
  });
});
