/** Image responses with ETag and cache headers (the Openwx document, section "获取用户或群组头像"). */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { OutgoingResponse } from '../http/response';
import type { ImageResult } from './operations/operation';
import { corsHeaders } from './wire';

/** How long browsers may cache an image, in s. */
const maxAgeSeconds = 3600;

/** The response with an image, 304 when the client has it already, or 503 after a timeout. */
export function imageResponse(
  result: ImageResult | 'timeout',
  { headers }: IncomingMessage,
): OutgoingResponse {
  if (result === 'timeout') return { status: 503, headers: corsHeaders, body: '' };
  const etag = `"${createHash('sha256').update(result.data).digest('base64url').slice(0, 22)}"`;
  const cacheHeaders = { ...corsHeaders, 'Cache-Control': `private, max-age=${maxAgeSeconds}`, ETag: etag };
  if (headers['if-none-match'] === etag) return { status: 304, headers: cacheHeaders, body: '' };
  const isImage = /^image\/[\w.+-]+$/.test(result.mimeType);
  return {
    status: 200,
    headers: {
      ...cacheHeaders,
      'Content-Type': isImage ? result.mimeType : 'image/jpg',
      'X-Content-Type-Options': 'nosniff',
      // An SVG avatar may contain scripts.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
    body: result.data,
  };
}
