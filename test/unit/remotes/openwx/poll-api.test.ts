import assert from 'node:assert/strict';
import { AsyncQueue } from '../../../support/async-queue';
import { SimulatedBot } from '../../../support/simulated-bot';
import { serve } from '../../../support/web-server';
import { OpenwxFixture } from './fixture';

describe('pollLoop', () => {
  it('follows redirects to calls of this API only', async () => {
    const requests = new AsyncQueue<string>('requests');
    let foreignRequests = 0;
    const foreignServer = await serve((_request, response) => {
      foreignRequests += 1;
      response.end();
    });
    let location: (url: string) => string = (url) => `${url}/again?n=1`;
    const server = await serve((request, response) => {
      requests.add(request.url ?? '');
      response.writeHead(302, { location: location(`http://${request.headers.host ?? ''}`) }).end();
    });
    const fixture = await OpenwxFixture.start({
      settings: { pollApi: `${server.url}/poll?key=secret`, pollIntervalMs: 5 },
    });
    try {
      // Redirect loops end.
      for (let redirects = 0; redirects < 8; redirects += 1) await requests.next();
      assert.equal(await requests.next(), '/poll?key=secret');
      location = () => `${foreignServer.url}/openwx/get_user_info`;
      assert.match(await fixture.log.next(), /not followed/);
      location = () => `${fixture.url}/nosuch`;
      assert.match(await fixture.log.next((line) => line.includes('no path')), /nosuch/);
      const sent = fixture.simulation.nextMessage({ from: fixture.simulation.self });
      location = () => `${fixture.url}/openwx/send_friend_message?id=wxid_ming&content=from+outside`;
      assert.equal((await sent).text, 'from outside');
      assert.equal(foreignRequests, 0);
      assert.ok(fixture.log.all.every((line) => !line.includes('secret')));
    } finally {
      await fixture.stop();
      await server.close();
      await foreignServer.close();
    }
  });

  it('does not poll while the bot is not ready', async () => {
    const requests = new AsyncQueue<string>('requests');
    const server = await serve((request, response) => {
      requests.add(request.url ?? '');
      response.end();
    });
    const simulated = await SimulatedBot.create();
    const fixture = await OpenwxFixture.serve(simulated, {
      settings: { pollApi: server.url, pollIntervalMs: 1 },
    });
    try {
      await fixture.call('get_client_info');
      await fixture.call('get_client_info');
      assert.equal(requests.all.length, 0);
      simulated.bot.start();
      await requests.next();
    } finally {
      await fixture.stop();
      await server.close();
    }
  });
});
