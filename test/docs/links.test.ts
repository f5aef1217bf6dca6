import assert from 'node:assert/strict';
import { repositoryUrl } from '../../scripts/markdown';
import { documents, exists, placeOf, read, targets } from './markdown';

/** Sites that documents may link to. Their pages are not requested: the tests need no network. */
const knownSites = [
  'wechaty.js.org',
  'nodered.org',
  'keepachangelog.com',
  'semver.org',
  'www.conventionalcommits.org',
];

describe('links and pictures', () => {
  for (const document of documents) {
    it(`lead to existing files and headings: ${document}`, () => {
      const broken = targets(read(document)).filter((target) => {
        const place = placeOf(document, target);
        return place ? !exists(place) : !knownSites.includes(new URL(target).hostname);
      });
      assert.deepEqual(broken, []);
    });
  }

  for (const document of ['README.md', 'README.zh-CN.md']) {
    it(`are absolute, for npm and the Flow Library: ${document}`, () => {
      assert.deepEqual(
        targets(read(document)).filter((target) => !/^(https:|#)/.test(target)),
        [],
      );
    });
  }

  it('reach every document from a README', () => {
    const reached = new Set(['README.md']);
    for (const document of reached) {
      for (const target of targets(read(document))) {
        const file = placeOf(document, target)?.file ?? '';
        // A link to a folder shows all files in it.
        const isFolder = file.endsWith('/');
        const found = documents.filter((one) => (isFolder ? one.startsWith(file) : one === file));
        for (const page of found) reached.add(page);
      }
    }
    assert.deepEqual(
      documents.filter((document) => !reached.has(document)),
      [],
    );
  });

  it('use one address of the repository', () => {
    const manifest = JSON.parse(read('package.json')) as { repository: { url: string } };
    assert.equal(`git+${repositoryUrl.replace('/blob/main', '.git')}`, manifest.repository.url);
  });
});
