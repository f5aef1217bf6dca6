import { translate } from '../translate.editor';

/** Largest file that fits into a request, in bytes: base64 adds a third. */
const maxBytes = 5.5 * 1024 * 1024;

/**
 * Reads a selected file.
 * @throws Error with a message for the user when it is too large, empty or unreadable.
 */
export function readAsBase64(file: File): Promise<string> {
  if (file.size > maxBytes) throw new Error(translate('chat.tooLarge', { name: file.name }));
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
