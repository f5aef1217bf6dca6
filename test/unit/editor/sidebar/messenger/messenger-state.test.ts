import assert from 'node:assert/strict';
import type { Simulation } from '../../../../../src/editor/api/simulation.editor';
import { MessengerState } from '../../../../../src/editor/sidebar/messenger/messenger-state.editor';

function simulationWith(count: number): Simulation {
  return {
    self: { id: 'bot', name: 'Bot' },
    contacts: [{ id: 'ming', name: 'Ming', alias: '', friend: true }],
    rooms: [],
    conversations: [{ id: 'ming', kind: 'contact', name: 'Ming', count }],
    login: { waiting: false, scanned: false },
    faults: { offline: false, slow: 0, sendsFail: false },
  };
}

describe('MessengerState', () => {
  it('detects a reset by conversations that lost all messages', () => {
    const state = new MessengerState('bot', undefined);
    assert.equal(state.isReset(simulationWith(0)), false);
    state.update(simulationWith(3), ({ text }) => text);
    assert.equal(state.isReset(simulationWith(4)), false);
    assert.equal(state.isReset(simulationWith(0)), true);
  });

  it('keeps one history per conversation', () => {
    const state = new MessengerState('bot', undefined);
    assert.equal(state.openHistory, undefined);
    state.open = 'ming';
    assert.equal(state.openHistory, state.historyOf('ming'));
    assert.notEqual(state.openHistory, state.historyOf('alice'));
  });
});
