import assert from 'node:assert/strict';
import { missingCalls } from '../../../../src/bot/session/puppet-capabilities';
import { unsupportedCalls } from '../../../../src/puppets/ilink/puppet/unsupported';

/** The methods of a puppet behind the calls that have another name. */
const methods: Readonly<Record<string, string>> = {
  contactAvatarSet: 'contactAvatar',
  postPayload: 'postRawPayload',
  roomInvitationPayload: 'roomInvitationRawPayload',
};

describe('calls that iLink lacks', () => {
  const listed = new Set(missingCalls.ilink?.throws.map((call) => methods[call] ?? call));

  it('are rejected by the puppet', () => {
    const rejected = new Set(unsupportedCalls);
    assert.deepEqual(
      [...listed].filter((call) => !rejected.has(call)),
      [],
    );
  });

  it('are listed for errors and documents', () => {
    // Wechaty reads these only for what the others return.
    const inner = /RawPayloadParser$|^(friendship|room|roomMember)RawPayload$/;
    assert.deepEqual(
      unsupportedCalls.filter((call) => !listed.has(call) && !inner.test(call)),
      [],
    );
  });
});
