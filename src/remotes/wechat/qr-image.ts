/** Renders QR codes as JPEG. A login code is a credential: send it only to clients that request a login. */
import { encode as encodeJpeg } from 'jpeg-js';
import { encode as encodeQr } from 'uqr';

/** Width of one module in pixels: even, so that JPEG's blocks keep edges sharp. */
const pixelsPerModule = 8;

/** Light modules around the code, which scanners need. */
const border = 4;

/** A text as a QR code in a JPEG. @throws Error when it is longer than a QR code can hold (2,953 bytes). */
export function qrJpeg(text: string): Buffer {
  const { data: rows, size } = encodeQr(text, { ecc: 'L', border });
  const width = size * pixelsPerModule;
  const data = Buffer.alloc(width * width * 4, 255);
  rows.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (!isDark) return;
      for (let line = y * pixelsPerModule; line < (y + 1) * pixelsPerModule; line += 1) {
        const start = (line * width + x * pixelsPerModule) * 4;
        for (let at = start; at < start + pixelsPerModule * 4; at += 4) data.fill(0, at, at + 3);
      }
    });
  });
  return encodeJpeg({ data, width, height: width }, 85).data;
}
