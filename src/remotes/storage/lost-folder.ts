/** The folder in which LevelDB's repair and the store keep what is damaged, for the owner. Its size is limited. */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Beyond this, the oldest files are deleted, in bytes: damage that recurs must not fill the disk. */
export const maxLostBytes = 8 * 1024 * 1024;

const nameOfFolder = 'lost';

/** Keeps something damaged. @throws Error when it cannot be written. */
export async function writeLost(
  directory: string,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  const folder = join(directory, nameOfFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, name), content, { mode: 0o600 });
}

/** Deletes the oldest files beyond a total size in bytes. */
export async function limitLost(directory: string, maxBytes: number): Promise<void> {
  const folder = join(directory, nameOfFolder);
  const names = await readdir(folder).catch((): string[] => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      return { path, size, mtimeMs };
    }),
  );
  files.sort((one, other) => other.mtimeMs - one.mtimeMs);
  let bytes = 0;
  for (const { path, size } of files) {
    bytes += size;
    if (bytes > maxBytes) await rm(path, { force: true });
  }
}
