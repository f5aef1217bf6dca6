import { encode } from 'uqr';
import { drawing } from './dom.editor';

/** A QR code as a picture, dark on white in every theme because phones do not read the reverse. */
export function qrCode(text: string, title: string): SVGSVGElement {
  const { data, size } = encode(text, { border: 3 });
  const path = data.flatMap((line, y) => line.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return drawing(
    'svg',
    { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': title, 'shape-rendering': 'crispEdges' },
    drawing('rect', { width: size, height: size, fill: '#fff' }),
    drawing('path', { d: path, fill: '#000' }),
  );
}
