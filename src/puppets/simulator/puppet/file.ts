import { FileBox, type FileBoxInterface } from 'file-box';

const SMALL_BYTES = 20 * 1024;

/**
 * A file box as a puppet returns it. A puppet service serializes small boxes to JSON and streams the others; a box
 * created from a Buffer cannot be serialized, one created from base64 can.
 */
export function fileBoxOf(data: Buffer, name: string): FileBoxInterface {
  return data.length > SMALL_BYTES
    ? FileBox.fromBuffer(data, name)
    : FileBox.fromBase64(data.toString('base64'), name);
}
