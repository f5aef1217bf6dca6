/** QR codes of logins as clients of generations A and B want them: JPEGs in Base64. */
import { qrJpeg } from '../wechat/qr-image';

/** Draws each code once, however many clients wait for it: drawing takes a while. */
export class QrPictures {
  #url = '';
  #picture = '';

  /** The picture of a code. */
  of(url: string): string {
    if (url !== this.#url) {
      this.#picture = qrJpeg(url).toString('base64');
      this.#url = url;
    }
    return this.#picture;
  }
}
