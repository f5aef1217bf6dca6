/** File names and size errors, for local files and downloads. */
import { WechatError } from '../../bot/errors';

/** The last part of a path with `/` or `\\` as separators, without control characters. */
export function basenameOf(path: string): string {
  const last = path.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  // eslint-disable-next-line no-control-regex -- matches control characters to remove them
  return last === '.' || last === '..' ? '' : last.replace(/[\u0000-\u001f\u007f]/g, '');
}

/** REFUSED: the file is larger than `limit` bytes. */
export function fileTooLargeError(file: string, limit: number): WechatError {
  return new WechatError('REFUSED', 'fileTooLarge', {
    file,
    limit: Math.max(0.001, Number((limit / 2 ** 20).toFixed(3))),
  });
}
