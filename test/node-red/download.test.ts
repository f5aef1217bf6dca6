import assert from 'node:assert/strict';
import { type NodeRed, startNodeRed } from '../support/node-red';
import { type CaughtMessage, FlowTab } from '../support/flow-tab';

describe('wechat-on-event node: download', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  const deployDownload = (properties: object = {}, bot: object = {}): Promise<FlowTab> =>
    FlowTab.deployNode(nodeRed, { id: 'in', type: 'wechat-on-event', download: true, ...properties }, bot);

  it('sets payload, filename, mimeType and size', async () => {
    const tab = await deployDownload();
    await tab.simulation((simulation) => {
      simulation
        .contact('Ming')
        .say({ kind: 'file', name: '报告.pdf', data: Buffer.from('%PDF') })
        .to();
    });
    const { payload, filename, mimeType, size, wechat } = await tab.sink('out').next();
    assert.deepEqual(payload, Buffer.from('%PDF'));
    assert.deepEqual([filename, mimeType, size], ['报告.pdf', 'application/pdf', 4]);
    assert.equal((wechat as { message: { type: string } }).message.type, 'Attachment');
  });

  it('passes a message with a too large file to Catch nodes', async () => {
    const tab = await deployDownload({ maxFileMb: 0.0015 });
    await tab.simulation((simulation) => {
      simulation
        .contact('Ming')
        .say({ kind: 'image', name: 'small.png', data: Buffer.alloc(1500) })
        .to();
      simulation
        .contact('Ming')
        .say({ kind: 'image', name: 'large.png', data: Buffer.alloc(1600) })
        .to();
    });
    assert.equal((await tab.sink('out').next()).filename, 'small.png');
    const caught = (await tab.sink('caught').next()) as CaughtMessage;
    assert.match(caught.error.message, /large\.png is larger than 0\.001 MB/);
    assert.equal(caught.error.code, 'REFUSED');
    assert.equal((caught.wechat as { message: { filename: string } }).message.filename, 'large.png');
    assert.equal((caught.payload as { filename: string }).filename, 'large.png');
  });

  it('keeps the order of a conversation during downloads', async () => {
    const tab = await deployDownload({}, { options: '{"latency": 20}' });
    await tab.simulation((simulation) => {
      const ming = simulation.contact('Ming');
      ming.say('first').to();
      ming.say({ kind: 'image', name: 'second.png', data: Buffer.alloc(100_000) }).to();
      ming.say('third').to();
      ming.say({ kind: 'file', name: 'fourth.txt', data: Buffer.alloc(10) }).to();
    });
    const messages = await tab.sink('out').take(4);
    assert.deepEqual(
      messages.map(({ payload, filename }) => filename ?? payload),
      ['first', 'second.png', 'third', 'fourth.txt'],
    );
  });
});
