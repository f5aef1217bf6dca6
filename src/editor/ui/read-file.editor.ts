import { translate } from '../sidebar/translate.editor';

/** What the runtime takes at once, in bytes: in base64 a file is a third longer. */
const largest = 5.5 * 1024 * 1024;

/**
 * Reads a file that somebody chose.
 * @throws Error with a sentence for the user when it is too large, or cannot be read.
 */
export function readAsBase64(file: File): Promise<string> {
  if (file.size > largest) throw new Error(translate('chat.tooLarge', { name: file.name }));
  if (file.size === 0) throw new Error(translate('chat.emptyFile', { name: file.name }));
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve(url.slice(url.indexOf(',') + 1));
    });
    reader.addEventListener('error', () => reject(reader.error ?? new Error(file.name)));
    reader.readAsDataURL(file);
  });
}
