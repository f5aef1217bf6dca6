import { encode } from 'uqr';
import { drawing } from './dom.editor';
import { saveFile } from './save-file.editor';

const border = 3;

/** A QR code as a picture, dark on white in every theme because phones do not read the reverse. */
export function qrCode(text: string, title: string): SVGSVGElement {
  const { data, size } = encode(text, { border });
  const path = data.flatMap((line, y) => line.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return drawing(
    'svg',
    { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': title, 'shape-rendering': 'crispEdges' },
    drawing('rect', { width: size, height: size, fill: '#fff' }),
    drawing('path', { d: path, fill: '#000' }),
  );
}

/** Pixels a module of the saved picture measures. */
const scale = 10;

/** Lets the browser save a QR code as a PNG, to be sent to whoever holds the phone. */
export function saveQrCode(text: string, filename: string): void {
  const { data, size } = encode(text, { border });
  const canvas = document.createElement('canvas');
  canvas.width = size * scale;
  canvas.height = size * scale;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  for (const [y, line] of data.entries()) {
    for (const [x, dark] of line.entries()) if (dark) context.fillRect(x * scale, y * scale, scale, scale);
  }
  canvas.toBlob((blob) => {
    if (blob) saveFile(blob, filename);
  }, 'image/png');
}
