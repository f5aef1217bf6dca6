import assert from 'node:assert/strict';
import { Inbox } from '../../../support/async-queue';
import { SimulatedBot } from '../../../support/simulated-bot';
import { serve } from '../../../support/web-server';
import { ServedBot } from './fixture';

describe('poll_api', () => {
  it('leads to calls of this API, and to nowhere else', async () => {
    const asked = new Inbox<string>('asked');
    let other = 0;
    const stranger = await serve((_request, response) => {
      other += 1;
      response.end();
    });
    let location: (url: string) => string = (url) => `${url}/again?n=1`;
    const program = await serve((request, response) => {
      asked.add(request.url ?? '');
      response.writeHead(302, { location: location(`http://${request.headers.host ?? ''}`) }).end();
    });
    const bot = await ServedBot.start({
      settings: { pollApi: `${program.url}/poll?key=secret`, pollInterval: 5 },
    });
    try {
      // Redirects that go round in circles end.
      for (let redirects = 0; redirects < 8; redirects += 1) await asked.next();
      assert.equal(await asked.next(), '/poll?key=secret');
      location = () => `${stranger.url}/openwx/get_user_info`;
      assert.match(await bot.log.next(), /not followed/);
      location = () => `${bot.url}/nosuch`;
      assert.match(await bot.log.next((line) => line.includes('no path')), /nosuch/);
      const said = bot.world.nextMessage({ from: bot.world.self });
      location = () => `${bot.url}/openwx/send_friend_message?id=wxid_ming&content=from+outside`;
      assert.equal((await said).text, 'from outside');
      assert.equal(other, 0);
      assert.ok(bot.log.all.every((line) => !line.includes('secret')));
    } finally {
      await bot.end();
      await program.close();
      await stranger.close();
    }
  });

  it('is not asked while the bot does not run', async () => {
    const asked = new Inbox<string>('asked');
    const program = await serve((request, response) => {
      asked.add(request.url ?? '');
      response.end();
    });
    const simulated = await SimulatedBot.make();
    const bot = await ServedBot.serve(simulated, { settings: { pollApi: program.url, pollInterval: 1 } });
    try {
      await bot.ask('get_client_info');
      await bot.ask('get_client_info');
      assert.equal(asked.all.length, 0);
      simulated.bot.start();
      await asked.next();
    } finally {
      await bot.end();
      await program.close();
    }
  });
});
