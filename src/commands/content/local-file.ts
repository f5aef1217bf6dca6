/** Reads a file of this machine, if the policy lets it be sent. */
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { WechatError } from '../../bot/errors';
import type { FilePolicy } from '../command';
import { basenameOf, tooLarge } from './file-name';

/**
 * Reads a file. Where links and `..` lead is found out first, and only then compared with the allowed folders.
 * @throws WechatError NOT_FOUND, INVALID_PARAMS (not a file), REFUSED (folder or size), FAILED (unreadable); all of
 *   them name the path as it was given, and nothing else.
 */
export async function readLocalFile(
  path: string,
  policy: Pick<FilePolicy, 'local' | 'maxBytes'>,
): Promise<{ name: string; data: Buffer }> {
  const real = await located(path, policy);
  // Links were followed already: one that appears now is somebody's trick. A pipe must not make us wait.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(real, flags).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new WechatError('INVALID_PARAMS', 'fileNotRegular', { path });
    if (stats.size > policy.maxBytes) throw tooLarge(path, policy.maxBytes);
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > policy.maxBytes) throw tooLarge(path, policy.maxBytes);
      pieces.push(piece);
    }
    return { name: basenameOf(path), data: Buffer.concat(pieces) };
  } catch (error) {
    throw error instanceof WechatError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

/** Where the file really is. Of what lies outside the allowed folders, not even its absence is told. */
async function located(path: string, { local }: Pick<FilePolicy, 'local'>): Promise<string> {
  const folders = local === 'any' ? undefined : await allowedFolders(local);
  const isAllowed = (place: string): boolean =>
    folders === undefined || folders.some((folder) => isInside(place, folder));
  try {
    const real = await realpath(path);
    if (isAllowed(real)) return real;
  } catch (error) {
    const folder = await realpath(dirname(resolve(path))).catch(() => undefined);
    if (folders === undefined || (folder !== undefined && isAllowed(folder))) throw unreadable(path, error);
  }
  throw new WechatError('REFUSED', 'fileRefused', { path });
}

async function allowedFolders(folders: readonly string[]): Promise<string[]> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  return real.filter((folder) => folder !== undefined);
}

function isInside(place: string, folder: string): boolean {
  const way = relative(folder, place);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Says what is wrong with a path by the error's code alone: its sentence may hold where a link leads. */
function unreadable(path: string, error: unknown): WechatError {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new WechatError('NOT_FOUND', 'fileNotFound', { path });
  return new WechatError('FAILED', 'fileUnreadable', { path, error: code });
}
