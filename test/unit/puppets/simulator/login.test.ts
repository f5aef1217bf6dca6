import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MemoryCard } from 'memory-card';
import { types } from 'wechaty-puppet';

import { PuppetSimulator, Simulation } from '../../../../src/puppets/simulator';
import { next } from './running-bot';

interface Scan {
  readonly status: types.ScanStatus;
  readonly qrcode?: string;
}

describe('PuppetSimulator: login by QR code', () => {
  let folder: string;
  let simulation: Simulation;
  const started: PuppetSimulator[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulator-login-'));
    simulation = new Simulation({ login: 'scan' });
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((puppet) => puppet.stop()));
    await rm(folder, { recursive: true });
  });

  /** Starts a new puppet with the session file of the test. */
  async function startPuppet(
    target: Simulation = simulation,
  ): Promise<{ puppet: PuppetSimulator; scans: Scan[] }> {
    const puppet = new PuppetSimulator({ simulation: target });
    const scans: Scan[] = [];
    puppet.on('scan', (scan) => {
      scans.push(scan);
    });
    const card = new MemoryCard(join(folder, 'bot'));
    await card.load();
    puppet.setMemory(card);
    started.push(puppet);
    const firstEvent = Promise.race([next(puppet, 'scan'), next(puppet, 'login')]);
    await puppet.start();
    await firstEvent;
    return { puppet, scans };
  }

  it('shows a QR code, and logs in when it is scanned', async () => {
    const { puppet, scans } = await startPuppet();
    assert.deepEqual(scans, [{ status: types.ScanStatus.Waiting, qrcode: simulation.qrCode }]);
    assert.match(String(simulation.qrCode), /^https:\/\/login\.weixin\.qq\.com\/l\//);
    await assert.rejects(puppet.contactList(), /not logged in/);
    const ready = next(puppet, 'ready');
    await simulation.scan();
    await ready;
    const statuses = scans.map(({ status }) => status);
    assert.deepEqual(statuses, [
      types.ScanStatus.Waiting,
      types.ScanStatus.Scanned,
      types.ScanStatus.Confirmed,
    ]);
    assert.equal(puppet.currentUserId, simulation.self.id);
    assert.equal(simulation.qrCode, undefined);
    assert.equal((await puppet.contactList()).length, 8);
    await assert.rejects(simulation.scan(), /no QR code is shown/);
  });

  it('waits for the confirmation after a scan', async () => {
    const { puppet, scans } = await startPuppet();
    const code = simulation.qrCode;
    await assert.rejects(simulation.confirm(), /not scanned yet/);
    const scanned = next(puppet, 'scan');
    await simulation.scan({ confirm: false });
    await scanned;
    await simulation.scan({ confirm: false });
    assert.equal(simulation.qrCode, code);
    assert.equal(simulation.isQrCodeScanned, true);
    assert.equal(puppet.isLoggedIn, false);
    await simulation.confirm();
    assert.equal(puppet.isLoggedIn, true);
    assert.equal(simulation.isQrCodeScanned, false);
    assert.deepEqual(
      scans.map(({ status }) => status),
      [types.ScanStatus.Waiting, types.ScanStatus.Scanned, types.ScanStatus.Confirmed],
    );
    await assert.rejects(simulation.confirm(), /no QR code is shown/);
  });

  it('needs another scan when the code expires before the confirmation', async () => {
    const { puppet } = await startPuppet();
    await simulation.scan({ confirm: false });
    simulation.expireQrCode();
    assert.equal(simulation.isQrCodeScanned, false);
    await assert.rejects(simulation.confirm(), /not scanned yet/);
    await simulation.scan();
    assert.equal(puppet.isLoggedIn, true);
  });

  it('replaces an expired QR code', async () => {
    const { puppet, scans } = await startPuppet();
    const old = simulation.qrCode;
    const shown = next(puppet, 'scan');
    simulation.expireQrCode();
    await shown;
    const statuses = scans.map(({ status }) => status);
    assert.deepEqual(statuses, [
      types.ScanStatus.Waiting,
      types.ScanStatus.Timeout,
      types.ScanStatus.Waiting,
    ]);
    assert.notEqual(simulation.qrCode, old);
    assert.equal(scans.at(-1)?.qrcode, simulation.qrCode);
  });

  it('restores the session after a restart', async () => {
    const first = await startPuppet();
    await simulation.scan();
    await first.puppet.stop();
    const again = await startPuppet();
    assert.equal(again.puppet.isLoggedIn, true);
    assert.deepEqual(again.scans, []);
  });

  it('restores the session in a new simulation, as after a kill', async () => {
    await startPuppet();
    await simulation.scan();
    const again = await startPuppet(new Simulation({ login: 'scan' }));
    assert.equal(again.puppet.isLoggedIn, true);
    assert.deepEqual(again.scans, []);
  });

  it('rejects a malformed session', async () => {
    const card = new MemoryCard(join(folder, 'bot'));
    await card.load();
    await card.set('simulator-session', { userId: simulation.self.id, session: 'guess' });
    await card.save();
    const { puppet, scans } = await startPuppet();
    assert.equal(puppet.isLoggedIn, false);
    assert.equal(scans.length, 1);
  });

  it('deletes the session after a logout on the phone', async () => {
    const { puppet, scans } = await startPuppet();
    await simulation.scan();
    assert.match(await readFile(join(folder, 'bot.memory-card.json'), 'utf8'), /[0-9a-f]{64}/);
    const shown = next(puppet, 'scan');
    const loggedOut = next<[{ contactId: string }]>(puppet, 'logout');
    await simulation.phoneLogout();
    assert.equal((await loggedOut)[0].contactId, simulation.self.id);
    await shown;
    assert.equal(puppet.isLoggedIn, false);
    assert.equal(scans.at(-1)?.status, types.ScanStatus.Waiting);
    assert.doesNotMatch(await readFile(join(folder, 'bot.memory-card.json'), 'utf8'), /[0-9a-f]{64}/);
    await simulation.scan();
    assert.equal(puppet.isLoggedIn, true);
  });

  it('rejects a session revoked while the bot was stopped', async () => {
    const { puppet } = await startPuppet();
    await simulation.scan();
    await puppet.stop();
    await simulation.phoneLogout();
    const again = await startPuppet();
    assert.equal(again.puppet.isLoggedIn, false);
    assert.equal(again.scans.length, 1);
  });

  it('deletes the session when the bot logs out', async () => {
    const { puppet } = await startPuppet();
    await simulation.scan();
    await puppet.logout();
    await puppet.stop();
    const again = await startPuppet();
    assert.equal(again.puppet.isLoggedIn, false);
  });

  it('logs the first bot out when a second one logs in, and keeps the session', async () => {
    const first = await startPuppet();
    await simulation.scan();
    const loggedOut = next<[{ data: string }]>(first.puppet, 'logout');
    const second = await startPuppet();
    assert.equal((await loggedOut)[0].data, 'logged in elsewhere');
    assert.equal(second.puppet.isLoggedIn, true);
    const received = next<[{ messageId: string }]>(second.puppet, 'message');
    const ding = simulation.contact('Ming').say('ding').to();
    assert.equal((await received)[0].messageId, ding.id);
    await assert.rejects(first.puppet.contactList(), /not logged in/);
  });

  it('shows a QR code again when the same puppet is stopped and started', async () => {
    const { puppet } = await startPuppet();
    await puppet.stop();
    const shown = next<[Scan]>(puppet, 'scan');
    await puppet.start();
    assert.equal((await shown)[0].qrcode, simulation.qrCode);
    await simulation.scan();
    assert.equal((await puppet.contactList()).length, 8);
  });

  it('ignores a logout on the phone while not logged in', async () => {
    const { scans } = await startPuppet();
    const { qrCode } = simulation;
    await simulation.phoneLogout();
    assert.equal(simulation.qrCode, qrCode);
    assert.equal(scans.length, 1);
  });

  it('removes the QR code when the connection breaks', async () => {
    const { puppet } = await startPuppet();
    puppet.on('error', () => undefined);
    simulation.breakConnection();
    await assert.rejects(simulation.scan(), /no QR code is shown/);
  });

  it('removes the QR code when the bot stops', async () => {
    const { puppet } = await startPuppet();
    await puppet.stop();
    assert.equal(simulation.qrCode, undefined);
  });
});
