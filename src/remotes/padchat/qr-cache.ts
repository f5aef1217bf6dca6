/** Login QR codes for clients of versions A and B: JPEGs in Base64. */
import { qrJpeg } from '../wechat/qr-image';

/** Caches the last QR code, so that several waiting clients cost one rendering. */
export class QrCache {
  #url = '';
  #jpeg = '';

  /** The JPEG of a code, in Base64. */
  get(url: string): string {
    if (url !== this.#url) {
      this.#jpeg = qrJpeg(url).toString('base64');
      this.#url = url;
    }
    return this.#jpeg;
  }
}
