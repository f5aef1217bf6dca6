/** The modules of the admin API with heavy dependencies, loaded together on first use: see `load-modules.ts`. */
export { loadAvatar } from './avatar-cache';
export { parseAction, parsePreviewFilter } from './request-schemas';
