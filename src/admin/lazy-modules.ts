/** The modules of the admin API with heavy dependencies, loaded together on first use: see `load-modules.ts`. */
export { mediaKindOf, mediaTypeOf } from '../util/file-type';
export { loadAvatar } from './avatar-cache';
export { parseAction, parseDigits, parsePreviewFilter } from './request-schemas';
