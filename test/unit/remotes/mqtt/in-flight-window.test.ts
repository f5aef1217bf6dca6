import assert from 'node:assert/strict';
import { InFlightWindow } from '../../../../src/remotes/mqtt/connection/in-flight-window';

describe('InFlightWindow', () => {
  /**
   * Connects until the refused message is found. On each connection there are some urgent messages before it, and more
   * arrive with each acknowledgement.
   */
  function connectionsUntilFound(urgent: number, perAcknowledgement: number): number {
    const window = new InFlightWindow();
    const refused = {};
    for (let connections = 1; connections <= 20; connections += 1) {
      window.open();
      let waiting = urgent;
      let acknowledged = 0;
      const inFlight: object[] = [];
      while (!inFlight.includes(refused)) {
        while (window.quota > 0 && !inFlight.includes(refused)) {
          const message = waiting > 0 ? {} : refused;
          if (message !== refused) waiting -= 1;
          window.add(message);
          inFlight.push(message);
        }
        if (inFlight.includes(refused)) break;
        inFlight.shift();
        window.remove();
        acknowledged += 1;
        if (acknowledged % 5 === 0) waiting += perAcknowledgement;
      }
      const found = window.hangUp();
      if (found) {
        assert.equal(found, refused);
        return connections;
      }
    }
    throw new Error('never found');
  }

  for (const [urgent, more] of [
    [0, 0],
    [1, 0],
    [3, 1],
    [20, 1],
    [40, 3],
  ] as const) {
    it(`finds the refused message behind ${urgent} and more urgent ones (${more})`, () => {
      assert.ok(connectionsUntilFound(urgent, more) <= 4);
    });
  }

  it('publishes many messages at once again after a while without a hang-up', () => {
    const window = new InFlightWindow();
    const [one, other] = [{}, {}];
    for (let connection = 0; connection < 2; connection += 1) {
      window.open();
      for (let index = 0; index < 5; index += 1) {
        window.add(one);
        window.remove();
      }
      window.add(one);
      window.add(other);
      assert.equal(window.hangUp(), undefined);
    }
    window.open();
    const quotaAtFirst: number = window.quota;
    assert.equal(quotaAtFirst, 1);
    for (let index = 0; index < 400; index += 1) {
      window.add(one);
      window.remove();
    }
    assert.ok(window.quota > 50);
  });
});
