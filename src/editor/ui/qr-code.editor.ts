import { encode } from 'uqr';
import { svgElement } from './dom.editor';
import { saveFile } from './save-file.editor';

const border = 3;

/** Creates a QR code as an SVG, dark on white in every theme because phones do not read the inverse. */
export function createQrCode(text: string, title: string): SVGSVGElement {
  const { data, size } = encode(text, { border });
  const path = data.flatMap((line, y) => line.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return svgElement(
    'svg',
    { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': title, 'shape-rendering': 'crispEdges' },
    svgElement('rect', { width: size, height: size, fill: '#fff' }),
    svgElement('path', { d: path, fill: '#000' }),
  );
}

/** Size of a module in the saved image, in px. */
const scale = 10;

/** Downloads a QR code as a PNG, to be sent to the owner of the phone. */
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
