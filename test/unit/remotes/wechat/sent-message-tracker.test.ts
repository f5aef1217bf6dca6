import assert from 'node:assert/strict';
import { type SentMessage, SentMessageTracker } from '../../../../src/remotes/wechat/sent-message-tracker';

/** A send that settles when the test says so. */
class PendingSend {
  settle: (messages: readonly SentMessage[]) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  readonly result: Promise<readonly SentMessage[]>;

  constructor() {
    this.result = new Promise((resolve, reject) => {
      this.settle = resolve;
      this.fail = reject;
    });
  }
}

describe('SentMessageTracker', () => {
  let tracker: SentMessageTracker<'api' | 'code'>;
  beforeEach(() => {
    tracker = new SentMessageTracker();
  });

  function track(
    origin: 'api' | 'code',
    conversations: readonly string[],
    send: PendingSend,
  ): Promise<readonly SentMessage[]> {
    return tracker.track(
      conversations,
      origin,
      () => send.result,
      (messages) => messages,
    );
  }

  async function sent(origin: 'api' | 'code', ...messages: SentMessage[]): Promise<void> {
    const send = new PendingSend();
    send.settle(messages);
    await track(
      origin,
      messages.map(({ id }) => id),
      send,
    );
  }

  it('originOf is synchronous for known and for foreign messages', async () => {
    await sent('api', { id: 'ming', messageId: '1' }, { id: 'alice', messageId: '2' });
    assert.equal(tracker.originOf('1', 'ming'), 'api');
    assert.equal(tracker.originOf('2', 'alice'), 'api');
    assert.equal(tracker.originOf('3', 'ming'), undefined);
    assert.equal(tracker.identifiesAll, true);
  });

  it('originOf waits for sends in flight to the same conversation only', async () => {
    const [first, second] = [new PendingSend(), new PendingSend()];
    void track('api', ['ming', 'alice'], first);
    void track('code', ['ming'], second);
    const origin = tracker.originOf('2', 'ming');
    assert.equal(tracker.originOf('2', 'bob'), undefined);
    second.settle([{ id: 'ming', messageId: '2' }]);
    assert.equal(await origin, 'code', 'although the first send is still in flight');
    const foreign = tracker.originOf('3', 'alice');
    first.settle([{ id: 'alice', messageId: '1' }]);
    assert.equal(await foreign, undefined);
  });

  it('originOf matches sends without message ids by conversation, once each', async () => {
    await sent('api', { id: 'ming' });
    await sent('code', { id: 'ming', messageId: '' });
    assert.equal(tracker.identifiesAll, false);
    assert.equal(tracker.originOf('1', 'alice'), undefined);
    assert.equal(tracker.originOf('1', 'ming'), 'api');
    assert.equal(tracker.originOf('2', 'ming'), 'code');
    assert.equal(tracker.originOf('3', 'ming'), undefined);
    const send = new PendingSend();
    void track('api', ['ming'], send);
    const origin = tracker.originOf('4', 'ming');
    send.settle([{ id: 'ming' }]);
    assert.equal(await origin, 'api');
  });

  it('originOf ignores failed sends, which track rejects', async () => {
    const send = new PendingSend();
    const tracked = track('api', ['ming'], send);
    const origin = tracker.originOf('1', 'ming');
    send.fail(new Error('not sent'));
    await assert.rejects(tracked, /not sent/);
    assert.equal(await origin, undefined);
    assert.equal(tracker.originOf('1', 'ming'), undefined);
  });
});
