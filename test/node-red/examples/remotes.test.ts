import assert from 'node:assert/strict';
import { Example, loadExample } from '../../support/example';
import { freePort } from '../../support/free-port';
import { type NodeRed, startNodeRed } from '../../support/node-red';

/** An example whose flow is a client of its own remote: it greets Ming, and most reply to their keyword. */
interface RemoteExample {
  readonly protocol: string;
  readonly file: string;
  /** What is replaced by a free port or by the URL of Node-RED. */
  readonly address: string;
  readonly remote: string;
  readonly connected: RegExp;
  readonly button: string;
  readonly greeting: string;
  /** The debug node of the response and the field and value that mean success, if the protocol has responses. */
  readonly response?: readonly [node: string, field: string, value: unknown];
  /** The debug node of the audit message, with its topic and code. */
  readonly audit: readonly [node: string, topic: string, code: number];
  /** What the debug messages of the greeting contain. */
  readonly marker?: string;
  readonly replies: boolean;
}

const listening = /^listening on 127\.0\.0\.1:\d+, connections: 1$/;

const examples: readonly RemoteExample[] = [
  {
    protocol: 'Openwx',
    file: '12-openwx',
    address: '3000',
    remote: 'server',
    connected: /^listening on 127\.0\.0\.1/,
    button: 'greet Ming by HTTP',
    greeting: 'Hello from HTTP 你好',
    response: ['answer', 'code', 0],
    audit: ['call handled', 'send_friend_message', 0],
    replies: false,
  },
  {
    protocol: 'WXBot',
    file: '13-wxbot',
    address: '19095',
    remote: 'server',
    connected: listening,
    button: 'greet Ming',
    greeting: 'Hello from WXBot',
    response: ['answer', 'ok', true],
    audit: ['request handled', 'sendText', 0],
    replies: true,
  },
  {
    protocol: 'PadChat',
    file: '14-padchat',
    address: '7777',
    remote: 'server',
    connected: listening,
    button: 'greet Ming',
    greeting: 'Hello from PadChat',
    response: ['reply', 'success', true],
    audit: ['command handled', 'sendMsg', 0],
    marker: 'greeting',
    replies: true,
  },
  {
    protocol: 'WeHelp',
    file: '15-wehelp',
    address: 'http://127.0.0.1:1880/',
    remote: 'client',
    connected: /^the service answers$/,
    button: 'greet Ming',
    greeting: 'Hello from WeHelp',
    audit: ['task handled', 'sendTextMessage', 200],
    replies: true,
  },
];

describe('examples of remotes', () => {
  let nodeRed: NodeRed;
  let example: Example;
  before(async () => {
    nodeRed = await startNodeRed();
  });
  after(() => nodeRed.stop());

  for (const { protocol, file, address, remote, connected, replies, ...expected } of examples) {
    describe(file, () => {
      before(async () => {
        const actual = address.startsWith('http') ? nodeRed.url : String(await freePort());
        example = await Example.deploy(nodeRed, loadExample(file, { [address]: actual }));
        await example.status(remote, connected);
        await example.ready();
      });

      it('sends a greeting and an audit message', async () => {
        const { response, audit, button, greeting, marker } = expected;
        const [node, topic, code] = audit;
        const results = Promise.all([
          example.shownObject(node, marker ?? topic),
          response && example.shownObject(response[0], marker),
        ]);
        await example.press(button);
        const [audited, responded] = await results;
        assert.deepEqual([audited.topic, (audited.payload as { code: number }).code], [topic, code]);
        if (response) assert.equal(responded?.[response[1]], response[2]);
        assert.equal((await example.textsTo('Ming')).at(-1), greeting);
      });

      if (!replies) return;
      it('replies to its keyword in the same conversation', async () => {
        const both = await Promise.all([
          example.ask('Alice', protocol.toLowerCase()),
          example.ask('Bob', protocol, 'Team'),
        ]);
        assert.deepEqual(
          both.map(({ text, inRoom }) => [text, inRoom]),
          [
            [`${protocol} is listening.`, false],
            [`${protocol} is listening.`, true],
          ],
        );
      });
    });
  }

  describe('12-openwx, its client', () => {
    it('lists the friends and shows the event of its own greeting', async () => {
      const port = String(await freePort());
      const openwx = await Example.deploy(nodeRed, loadExample('12-openwx', { '3000': port }));
      await openwx.status('server', /^listening/);
      await openwx.ready();
      const friends = openwx.shown('friends');
      await openwx.press('who are the friends?');
      assert.match(await friends, /ming-88/);
      const event = openwx.shownObject('event', 'Hello from HTTP');
      await openwx.press('greet Ming by HTTP');
      assert.equal((await event).from, 'api');
    });
  });

  describe('15-wehelp, its client', () => {
    it('shows callbacks, an unavailable service and invalid settings', async () => {
      const nodes = loadExample('15-wehelp', { 'http://127.0.0.1:1880/': nodeRed.url });
      const wehelp = await Example.deploy(nodeRed, nodes);
      await wehelp.status('client', /^the service answers$/);
      await wehelp.ready();
      const callback = wehelp.shownObject('callback', 'WeHelp');
      await wehelp.ask('Alice', 'WeHelp');
      const { payload } = (await callback) as { payload: Record<string, unknown> };
      assert.deepEqual([payload.type, payload.msgType, payload.cwxid], [78, '1', 'wxid_bot']);
      const deploy = (changes: object): Promise<void> =>
        nodeRed.deploy(
          nodes.map((node) => (node.id === wehelp.idOf('client') ? { ...node, ...changes } : node)),
        );
      await deploy({ callbackUrl: '', pollUrl: 'http://127.0.0.1:9/' });
      await wehelp.status('client', /^reconnecting since \d\d:\d\d:\d\d: .*ECONNREFUSED/);
      await deploy({ callbackUrl: '', pollUrl: '' });
      await wehelp.status('client', /fill in the URL/);
      await deploy({ pollUrl: 'no address' });
      await wehelp.status('client', /not an http or https URL/);
      await deploy({});
      await wehelp.status('client', /^the service answers$/);
    });
  });
});
