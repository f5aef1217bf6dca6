import { FileBox, type FileBoxInterface } from 'file-box';

const SMALL_BYTES = 20 * 1024;

/**
 * A file as a puppet hands it out. A puppet service turns small boxes into JSON and streams the others; a small box
 * made from a Buffer cannot be turned into JSON, one made from base64 can.
 */
export function fileBoxOf(data: Buffer, name: string): FileBoxInterface {
  return data.length > SMALL_BYTES
    ? FileBox.fromBuffer(data, name)
    : FileBox.fromBase64(data.toString('base64'), name);
}
