import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { WehelpFixture } from './fixture';

describe('CallbackSender and firewalls', () => {
  let fixture: WehelpFixture;
  afterEach(() => fixture.stop());

  const receiveTexts = (...texts: string[]): void => {
    for (const text of texts) fixture.simulation.contact('Ming').say(text).to();
  };
  const postedTexts = (): unknown[] => fixture.service.callbacks.map(({ message }) => message);

  const refusals: readonly (readonly [what: string, refuse: (response: ServerResponse) => void])[] = [
    ...[301, 401, 403, 404, 405, 413].map(
      (status) =>
        [`answered with ${status}`, (response: ServerResponse) => response.writeHead(status).end()] as const,
    ),
    ['reset', (response) => response.socket?.destroy()],
    ['never answered', () => undefined],
  ];
  for (const [what, refuse] of refusals) {
    it(`drops callbacks that are always ${what} while others are accepted`, async () => {
      fixture = await WehelpFixture.start({ times: { requestTimeoutMs: 150 } });
      fixture.service.onCallback = ({ message }, response) => {
        if (!String(message).includes('<script>')) return false;
        refuse(response);
        return true;
      };
      receiveTexts('before', '<script>1', '<script>2', 'after 1', 'after 2');
      await fixture.service.until(() => postedTexts().length === 3 && fixture.remote.status.lost === 2);
      assert.deepEqual(postedTexts(), ['before', 'after 1', 'after 2']);
      await fixture.service.until(() => fixture.remote.status.waiting === 0);
      const told = fixture.log.filter((sentence) => sentence.startsWith('A callback was dropped'));
      assert.equal(told.length, 2);
      assert.doesNotMatch(told.join(), /script/);
    });

    it(`drops nothing while all callbacks are ${what}`, async () => {
      fixture = await WehelpFixture.start({ times: { requestTimeoutMs: 50, maxBackOffMs: 20 } });
      fixture.service.onCallback = (_data, response) => {
        refuse(response);
        return true;
      };
      const texts = Array.from({ length: 30 }, (_, index) => `number ${index}`);
      receiveTexts(...texts);
      const before = fixture.service.requests.length;
      const posts = (): number =>
        fixture.service.requests.slice(before).filter(({ url }) => url === '/callback').length;
      await fixture.service.until(() => posts() > 40);
      assert.deepEqual([fixture.remote.status.lost, fixture.remote.status.waiting], [0, 30]);
      fixture.service.onCallback = () => false;
      await fixture.service.until(() => postedTexts().length === 30);
      assert.deepEqual(new Set(postedTexts()), new Set(texts));
      assert.equal(fixture.remote.status.lost, 0);
    });
  }
});
