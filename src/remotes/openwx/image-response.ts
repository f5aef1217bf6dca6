/** Pictures as bytes (the Openwx document, section "获取用户或群组头像"). */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Picture } from './operations/operation';
import { corsHeaders, type HttpReply } from './wire';

/** For how long browsers need not ask again, in s. */
const maxAge = 3600;

/** The answer that is no JSON. */
export function pictureReply(reply: Picture | 'too late', { headers }: IncomingMessage): HttpReply {
  if (reply === 'too late') return { status: 503, headers: corsHeaders, body: '' };
  const etag = `"${createHash('sha256').update(reply.data).digest('base64url').slice(0, 22)}"`;
  const fresh = { ...corsHeaders, 'Cache-Control': `private, max-age=${maxAge}`, ETag: etag };
  if (headers['if-none-match'] === etag) return { status: 304, headers: fresh, body: '' };
  const isPicture = /^image\/[\w.+-]+$/.test(reply.type);
  return {
    status: 200,
    headers: {
      ...fresh,
      'Content-Type': isPicture ? reply.type : 'image/jpg',
      'X-Content-Type-Options': 'nosniff',
      // An SVG of a stranger is a page with programs in it.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
    body: reply.data,
  };
}
