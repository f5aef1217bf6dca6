/** Reads local files within the folders that the policy allows. */
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { WechatError } from '../../bot/errors';
import type { FilePolicy } from '../command';
import { readLimited } from '../../util/read-limited';
import { basenameOf, fileTooLargeError } from './file-name';

/**
 * Reads a file. Links and `..` are resolved before the path is compared with the allowed folders.
 * @throws WechatError NOT_FOUND, INVALID_PARAMS (not a regular file), REFUSED (folder or size), FAILED (unreadable);
 *   the error contains the path of the request only, never a resolved one.
 */
export async function readLocalFile(
  path: string,
  policy: Pick<FilePolicy, 'local' | 'maxBytes'>,
): Promise<{ name: string; data: Buffer }> {
  const real = await resolveAllowed(path, policy);
  // Links are resolved already: O_NOFOLLOW rejects one that was swapped in since. O_NONBLOCK: a pipe must not block.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(real, flags).catch((error: unknown) => {
    throw unreadableError(path, error);
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new WechatError('INVALID_PARAMS', 'fileNotRegular', { path });
    if (stats.size > policy.maxBytes) throw fileTooLargeError(path, policy.maxBytes);
    const data = await readLimited(file.createReadStream({ autoClose: false }), policy.maxBytes);
    if (!data) throw fileTooLargeError(path, policy.maxBytes);
    return { name: basenameOf(path), data };
  } catch (error) {
    throw error instanceof WechatError ? error : unreadableError(path, error);
  } finally {
    await file.close();
  }
}

/** The real path of an allowed file. Outside the allowed folders REFUSED does not tell whether the file exists. */
async function resolveAllowed(path: string, { local }: Pick<FilePolicy, 'local'>): Promise<string> {
  const folders = local === 'any' ? undefined : await allowedFolders(local);
  const isAllowed = (realPath: string): boolean =>
    folders === undefined || folders.some((folder) => isInside(realPath, folder));
  try {
    const real = await realpath(path);
    if (isAllowed(real)) return real;
  } catch (error) {
    const folder = await realpath(dirname(resolve(path))).catch(() => undefined);
    if (folders === undefined || (folder !== undefined && isAllowed(folder)))
      throw unreadableError(path, error);
  }
  throw new WechatError('REFUSED', 'fileRefused', { path });
}

async function allowedFolders(folders: readonly string[]): Promise<string[]> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  return real.filter((folder) => folder !== undefined);
}

function isInside(path: string, folder: string): boolean {
  const route = relative(folder, path);
  return route !== '..' && !route.startsWith(`..${sep}`) && !isAbsolute(route);
}

/** Reports the error's code only: its message may contain the target of a link. */
function unreadableError(path: string, error: unknown): WechatError {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new WechatError('NOT_FOUND', 'fileNotFound', { path });
  return new WechatError('FAILED', 'fileUnreadable', { path, error: code });
}
