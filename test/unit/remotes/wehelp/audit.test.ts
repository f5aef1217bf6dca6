import assert from 'node:assert/strict';
import { WehelpFixture } from './fixture';

describe('TaskRunner', () => {
  it('audits tasks without codes of friend requests and without files', async () => {
    const fixture = await WehelpFixture.start();
    const filePath = `data:text/plain;base64,${'QUJD'.repeat(75_000)}`;
    fixture.service.enqueueTasks({ api: 'acceptFriend', code: 10, v1: 'v1_secret', v2: 'v2_secret' });
    fixture.service.enqueueTasks({ api: 'sendFileMessage', code: 25, wxid: 'wxid_nobody', filePath });
    fixture.service.enqueueTasks({ api: 'noSuchTask', v2: 'v2_secret', text: 'x'.repeat(300_000) });
    await fixture.service.until(() => fixture.auditRecords.length === 3);
    const shown = JSON.stringify(fixture.auditRecords.map(({ params }) => params));
    assert.doesNotMatch(shown, /secret/);
    assert.ok(shown.length < 5000, `${shown.length} characters`);
    await fixture.stop();
  });
});
