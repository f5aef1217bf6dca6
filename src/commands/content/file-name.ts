/** What local files and downloads have in common. */
import { WechatError } from '../../bot/errors';

/** The last part of a path, whichever way its slashes lean, without what no file name may hold. */
export function basenameOf(path: string): string {
  const last = path.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return last === '.' || last === '..' ? '' : last.replace(/[\u0000-\u001f\u007f]/g, '');
}

/** The refusal of a file larger than `limit` bytes. */
export function tooLarge(file: string, limit: number): WechatError {
  return new WechatError('REFUSED', 'fileTooLarge', {
    file,
    limit: Math.max(0.001, Number((limit / 2 ** 20).toFixed(3))),
  });
}
