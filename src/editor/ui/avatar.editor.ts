/** Avatars: an image where there is one, else the initial of the name on a colour derived from the id. */

import { element } from './dom.editor';

/** The subject of an avatar. */
export interface AvatarOptions {
  readonly id: string;
  readonly name: string;
  readonly loadImage?: () => Promise<Blob>;
  /** A room gets an icon instead of an initial. */
  readonly isRoom?: boolean;
}

const hues = [4, 28, 46, 100, 152, 174, 200, 222, 260, 290, 322];

function hueOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hues[((hash ^ (hash >>> 15)) >>> 0) % hues.length] ?? 200;
}

function initialOf(name: string): string {
  const code = name.trim().codePointAt(0);
  return code === undefined ? '?' : String.fromCodePoint(code).toUpperCase();
}

/** Raster formats only: an SVG could contain scripts. */
const imageTypes = /^image\/(png|jpeg|gif|webp)$/;

/**
 * An object URL for an image, to be revoked after use.
 * @returns undefined when the content is not an image
 */
export function imageUrl(blob: Blob): string | undefined {
  return imageTypes.test(blob.type) ? URL.createObjectURL(blob) : undefined;
}

/** Creates an avatar, hidden from screen readers: the name always stands beside it. */
export function createAvatar({ id, name, loadImage, isRoom = false }: AvatarOptions): HTMLElement {
  const root = element('span', { class: 'wechat-avatar', 'aria-hidden': 'true' });
  root.style.setProperty('--wechat-hue', String(hueOf(id)));
  if (isRoom) root.append(element('i', { class: 'fa fa-users' }));
  else root.textContent = initialOf(name);
  if (loadImage) {
    void loadImage().then(
      (blob) => {
        const url = imageUrl(blob);
        if (url === undefined) return;
        const image = element('img', { src: url, alt: '' });
        image.addEventListener('load', () => URL.revokeObjectURL(url));
        root.replaceChildren(image);
      },
      // The initial stays.
      () => undefined,
    );
  }
  return root;
}
