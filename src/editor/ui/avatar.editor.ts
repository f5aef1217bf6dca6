/** Faces: a picture where the runtime has one, else the first letter of the name on a colour of its own. */
import { openBody } from '../api/admin-client.editor';
import { element } from './dom.editor';

/** Whose face; `picture` is a path under the admin root. */
export interface Face {
  readonly id: string;
  readonly name: string;
  readonly picture?: string;
  /** A room has many faces, so it gets a sign. */
  readonly room?: boolean;
}

const hues = [4, 28, 46, 100, 152, 174, 200, 222, 260, 290, 322];

function hueOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hues[((sum ^ (sum >>> 15)) >>> 0) % hues.length] ?? 200;
}

function firstLetter(name: string): string {
  const code = name.trim().codePointAt(0);
  return code === undefined ? '?' : String.fromCodePoint(code).toUpperCase();
}

/** Only what a browser shows as a still picture, whatever the server calls it. */
const pictureTypes = /^image\/(png|jpeg|gif|webp)$/;

/**
 * Loads a picture for an `img`. The browser's own request would lack the access token.
 * @returns an object URL; undefined when it is no picture, or there is none.
 */
export async function loadPicture(path: string): Promise<string | undefined> {
  const blob = await (await openBody(path)).blob();
  return pictureTypes.test(blob.type) ? URL.createObjectURL(blob) : undefined;
}

/** A face for those who can see; the name always stands beside it. */
export function avatar({ id, name, picture, room = false }: Face): HTMLElement {
  const face = element('span', { class: 'wechat-avatar', 'aria-hidden': 'true' });
  face.style.setProperty('--wechat-hue', String(hueOf(id)));
  if (room) face.append(element('i', { class: 'fa fa-users' }));
  else face.textContent = firstLetter(name);
  if (picture !== undefined) {
    void loadPicture(picture).then(
      (url) => {
        if (url === undefined) return;
        const image = element('img', { src: url, alt: '' });
        image.addEventListener('load', () => URL.revokeObjectURL(url));
        face.replaceChildren(image);
      },
      // The letter stays.
      () => undefined,
    );
  }
  return face;
}
