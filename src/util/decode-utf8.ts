/** Strict UTF-8 decoder for texts from outside: a byte that is not UTF-8 is an error and does not become "\uFFFD". */

/** Bytes that are not UTF-8. */
export class NotUtf8Error extends Error {
  override readonly name = 'NotUtf8Error';

  constructor(options?: ErrorOptions) {
    super('the text is not UTF-8', options);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Decodes UTF-8, without a byte order mark at its start. @throws NotUtf8Error when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new NotUtf8Error({ cause: error });
  }
}
