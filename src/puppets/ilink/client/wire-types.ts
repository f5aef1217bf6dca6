/**
 * What iLink sends and takes, as far as the puppet uses it. Field names and meanings: npm `@tencent-weixin/openclaw-weixin`
 * 2.4.9, `src/api/types.ts`, and `docs/protocol.md` of Tencent/openclaw-weixin. Whatever is received is untrusted: no
 * field is known to have its type before it was read by `fields.ts`.
 */

/** A JSON object of which nothing is known. */
export type WireObject = Readonly<Record<string, unknown>>;

/** The types of items in a message. */
export const itemType = { text: 1, image: 2, voice: 3, file: 4, video: 5 } as const;

/** The kinds of uploads. */
export const uploadType = { image: 1, video: 2, file: 3 } as const;

/** A token and where it is used. */
export interface Credentials {
  readonly token: string;
  /** The API's address, which the login has named. */
  readonly baseUrl: string;
}

/** A new QR code. */
export interface LoginCode {
  /** Identifies the code in polls; secret like the code itself. */
  readonly qrcode: string;
  /** The URL that is drawn as a QR code. */
  readonly url: string;
}

/** What has become of a QR code. */
export type CodeStatus =
  | {
      readonly status:
        'wait' | 'scaned' | 'need_verifycode' | 'expired' | 'verify_code_blocked' | 'binded_redirect';
    }
  | { readonly status: 'scaned_but_redirect'; readonly host: string }
  | {
      readonly status: 'confirmed';
      readonly credentials: Credentials;
      readonly botId: string;
      readonly userId: string;
    };

/** The answer to a poll for messages. */
export interface Updates {
  readonly messages: readonly WireObject[];
  /** Undefined: the one that was sent stays. */
  readonly cursor: string | undefined;
  /** How long the server holds polls, in ms. */
  readonly holdMs: number | undefined;
}

/** The media of an item, encrypted on the CDN. */
export interface Media {
  readonly param: string;
  readonly fullUrl: string;
  /** In hex; undefined when it is not encrypted. */
  readonly key: string | undefined;
}
