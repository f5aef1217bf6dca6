import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MemoryCard } from 'memory-card';
import { types } from 'wechaty-puppet';

import { PuppetSimulator, World } from '../../../../src/puppets/simulator';
import { next } from './running-bot';

interface Scan {
  readonly status: types.ScanStatus;
  readonly qrcode?: string;
}

describe('simulated WeChat: logging in by QR code', () => {
  let folder: string;
  let world: World;
  const started: PuppetSimulator[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulator-login-'));
    world = new World({ login: 'scan' });
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((puppet) => puppet.stop()));
    await rm(folder, { recursive: true });
  });

  /** A puppet with the session file of the test, as a process that has just begun would make it. */
  async function startPuppet(within: World = world): Promise<{ puppet: PuppetSimulator; scans: Scan[] }> {
    const puppet = new PuppetSimulator({ world: within });
    const scans: Scan[] = [];
    puppet.on('scan', (scan) => {
      scans.push(scan);
    });
    const card = new MemoryCard(join(folder, 'bot'));
    await card.load();
    puppet.setMemory(card);
    started.push(puppet);
    const answer = Promise.race([next(puppet, 'scan'), next(puppet, 'login')]);
    await puppet.start();
    await answer;
    return { puppet, scans };
  }

  it('shows a QR code, then logs in when the phone scans it', async () => {
    const { puppet, scans } = await startPuppet();
    assert.deepEqual(scans, [{ status: types.ScanStatus.Waiting, qrcode: world.qrCode }]);
    assert.match(String(world.qrCode), /^https:\/\/login\.weixin\.qq\.com\/l\//);
    await assert.rejects(puppet.contactList(), /not logged in/);
    const ready = next(puppet, 'ready');
    await world.scan();
    await ready;
    const statuses = scans.map(({ status }) => status);
    assert.deepEqual(statuses, [
      types.ScanStatus.Waiting,
      types.ScanStatus.Scanned,
      types.ScanStatus.Confirmed,
    ]);
    assert.equal(puppet.currentUserId, world.self.id);
    assert.equal(world.qrCode, undefined);
    assert.equal((await puppet.contactList()).length, 8);
    await assert.rejects(world.scan(), /no QR code is shown/);
  });

  it('waits for the confirmation when the phone only scans', async () => {
    const { puppet, scans } = await startPuppet();
    const code = world.qrCode;
    await assert.rejects(world.confirm(), /not scanned yet/);
    const scanned = next(puppet, 'scan');
    await world.scan({ confirm: false });
    await scanned;
    await world.scan({ confirm: false });
    assert.equal(world.qrCode, code);
    assert.equal(world.isQrCodeScanned, true);
    assert.equal(puppet.isLoggedIn, false);
    await world.confirm();
    assert.equal(puppet.isLoggedIn, true);
    assert.equal(world.isQrCodeScanned, false);
    assert.deepEqual(
      scans.map(({ status }) => status),
      [types.ScanStatus.Waiting, types.ScanStatus.Scanned, types.ScanStatus.Confirmed],
    );
    await assert.rejects(world.confirm(), /no QR code is shown/);
  });

  it('asks for a scan again when the scanned code ran out before it was confirmed', async () => {
    const { puppet } = await startPuppet();
    await world.scan({ confirm: false });
    world.expireQrCode();
    assert.equal(world.isQrCodeScanned, false);
    await assert.rejects(world.confirm(), /not scanned yet/);
    await world.scan();
    assert.equal(puppet.isLoggedIn, true);
  });

  it('replaces a QR code that ran out', async () => {
    const { puppet, scans } = await startPuppet();
    const old = world.qrCode;
    const shown = next(puppet, 'scan');
    world.expireQrCode();
    await shown;
    const statuses = scans.map(({ status }) => status);
    assert.deepEqual(statuses, [
      types.ScanStatus.Waiting,
      types.ScanStatus.Timeout,
      types.ScanStatus.Waiting,
    ]);
    assert.notEqual(world.qrCode, old);
    assert.equal(scans.at(-1)?.qrcode, world.qrCode);
  });

  it('logs in without a QR code when started again', async () => {
    const first = await startPuppet();
    await world.scan();
    await first.puppet.stop();
    const again = await startPuppet();
    assert.equal(again.puppet.isLoggedIn, true);
    assert.deepEqual(again.scans, []);
  });

  it('logs in without a QR code in a world that has just begun, as after a kill', async () => {
    await startPuppet();
    await world.scan();
    const again = await startPuppet(new World({ login: 'scan' }));
    assert.equal(again.puppet.isLoggedIn, true);
    assert.deepEqual(again.scans, []);
  });

  it('does not take what is not a session', async () => {
    const card = new MemoryCard(join(folder, 'bot'));
    await card.load();
    await card.set('simulator-session', { userId: world.self.id, session: 'guess' });
    await card.save();
    const { puppet, scans } = await startPuppet();
    assert.equal(puppet.isLoggedIn, false);
    assert.equal(scans.length, 1);
  });

  it('forgets the session when the user logs out on the phone', async () => {
    const { puppet, scans } = await startPuppet();
    await world.scan();
    assert.match(await readFile(join(folder, 'bot.memory-card.json'), 'utf8'), /[0-9a-f]{64}/);
    const shown = next(puppet, 'scan');
    const out = next<[{ contactId: string }]>(puppet, 'logout');
    await world.phoneLogout();
    assert.equal((await out)[0].contactId, world.self.id);
    await shown;
    assert.equal(puppet.isLoggedIn, false);
    assert.equal(scans.at(-1)?.status, types.ScanStatus.Waiting);
    assert.doesNotMatch(await readFile(join(folder, 'bot.memory-card.json'), 'utf8'), /[0-9a-f]{64}/);
    await world.scan();
    assert.equal(puppet.isLoggedIn, true);
  });

  it('does not take a session that was ended on the phone while the bot was away', async () => {
    const { puppet } = await startPuppet();
    await world.scan();
    await puppet.stop();
    await world.phoneLogout();
    const again = await startPuppet();
    assert.equal(again.puppet.isLoggedIn, false);
    assert.equal(again.scans.length, 1);
  });

  it('forgets the session when the bot logs out', async () => {
    const { puppet } = await startPuppet();
    await world.scan();
    await puppet.logout();
    await puppet.stop();
    const again = await startPuppet();
    assert.equal(again.puppet.isLoggedIn, false);
  });

  it('logs a first bot out when a second one logs in, and keeps the session for the second', async () => {
    const first = await startPuppet();
    await world.scan();
    const out = next<[{ data: string }]>(first.puppet, 'logout');
    const second = await startPuppet();
    assert.equal((await out)[0].data, 'logged in elsewhere');
    assert.equal(second.puppet.isLoggedIn, true);
    const heard = next<[{ messageId: string }]>(second.puppet, 'message');
    const ding = world.contact('Ming').say('ding').to();
    assert.equal((await heard)[0].messageId, ding.id);
    await assert.rejects(first.puppet.contactList(), /not logged in/);
  });

  it('shows a QR code again when the same puppet is stopped and started', async () => {
    const { puppet } = await startPuppet();
    await puppet.stop();
    const shown = next<[Scan]>(puppet, 'scan');
    await puppet.start();
    assert.equal((await shown)[0].qrcode, world.qrCode);
    await world.scan();
    assert.equal((await puppet.contactList()).length, 8);
  });

  it('does nothing when the phone logs out a bot that is not logged in', async () => {
    const { scans } = await startPuppet();
    const { qrCode } = world;
    await world.phoneLogout();
    assert.equal(world.qrCode, qrCode);
    assert.equal(scans.length, 1);
  });

  it('takes the QR code down when the connection breaks', async () => {
    const { puppet } = await startPuppet();
    puppet.on('error', () => undefined);
    world.breakConnection();
    await assert.rejects(world.scan(), /no QR code is shown/);
  });

  it('takes the QR code down when the bot stops', async () => {
    const { puppet } = await startPuppet();
    await puppet.stop();
    assert.equal(world.qrCode, undefined);
  });
});
