import assert from 'node:assert/strict';

import { FileBox } from 'file-box';
import { PuppetServer, PuppetService } from 'wechaty-puppet-service';

import { PuppetSimulator } from '../../../../src/puppets/simulator';
import { next } from './running-bot';
import { freePort } from '../../../support/free-port';

describe('PuppetSimulator behind a puppet service', () => {
  it('sends and receives texts and files through gRPC', async () => {
    const endpoint = `127.0.0.1:${await freePort()}`;
    const token = 'insecure_test-token-simulator';
    const simulator = new PuppetSimulator();
    const { simulation } = simulator;
    const server = new PuppetServer({ endpoint, puppet: simulator, token, tls: { disable: true } });
    await server.start();
    const ready = next(simulator, 'ready');
    await simulator.start();
    await ready;
    const client = new PuppetService({ endpoint, token, tls: { disable: true } });
    try {
      const login = next<[{ contactId: string }]>(client, 'login');
      await client.start();
      assert.equal((await login)[0].contactId, simulation.self.id);

      const firstMessage = next<[{ messageId: string }]>(client, 'message');
      simulation.contact('Ming').say('ding').to();
      const payload = await client.messagePayload((await firstMessage)[0].messageId);
      assert.deepEqual([payload.text, payload.talkerId], ['ding', 'wxid_ming']);
      const id = await client.messageSendText('wxid_ming', 'dong');
      assert.equal(simulation.messages({ after: payload.id })[0]?.id, id);

      for (const bytes of [10, 100_000]) {
        const data = Buffer.alloc(bytes, 'to the bot');
        const received = next<[{ messageId: string }]>(client, 'message');
        const message = simulation.contact('Ming').say({ kind: 'file', name: 'in.txt', data }).to();
        await received;
        const box = await client.messageFile(message.id);
        assert.equal(box.name, 'in.txt');
        assert.deepEqual(await box.toBuffer(), data);
      }

      for (const bytes of [10, 100_000]) {
        const data = Buffer.alloc(bytes, 'from the bot');
        const sentId = await client.messageSendFile('wxid_ming', FileBox.fromBuffer(data, 'out.txt'));
        const sent = simulation.messages().at(-1);
        assert.equal(sent?.id, sentId);
        assert.deepEqual(sent?.content, { kind: 'file', name: 'out.txt', data });
      }

      assert.equal((await client.contactPayload('wxid_alice')).name, 'Alice');
      const room = await client.roomPayload(simulation.room('Team').id);
      assert.deepEqual([room.topic, room.memberIdList.length], ['Team', 4]);
    } finally {
      await client.stop();
      await server.stop();
      await simulator.stop();
    }
  });
});
