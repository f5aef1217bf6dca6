import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installedModules, packName } from '../support/package-install';

/** The files that are allowed in the package. */
const allowed = [
  /^package\.json$/,
  /^(LICENSE|README\.md|README\.zh-CN\.md|CHANGELOG\.md)$/,
  /^examples\/([\w. -]+\/)*[\w. -]+\.json$/,
  /^dist\/([a-z0-9-]+\/)*[a-z0-9-]+\.js$/,
  /^dist\/i18n\/(en-US|zh-CN)\.json$/,
  /^dist\/(nodes|plugins)\/[a-z0-9-]+\/[a-z0-9-]+\.html$/,
  /^dist\/(nodes|plugins)\/[a-z0-9-]+\/locales\/(en-US|zh-CN|zh)\/[a-z0-9-]+\.(json|html)$/,
  /^dist\/nodes\/[a-z0-9-]+\/icons\/[a-z0-9-]+\.svg$/,
];

const required = ['LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'package.json'];

describe('tarball', () => {
  let files: string[];

  before(function () {
    this.timeout(300_000);
    const folder = join(installedModules(), packName);
    files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter((file) => !file.startsWith('node_modules/'));
  });

  it('contains only allowed files', () => {
    assert.deepEqual(
      files.filter((file) => file.startsWith('dist/demo/') || !allowed.some((pattern) => pattern.test(file))),
      [],
    );
  });

  it('contains the licence, the changelog and both READMEs', () => {
    assert.deepEqual(
      required.filter((file) => !files.includes(file)),
      [],
    );
  });
});
