/** JSON with exact integers: iLink's ids are uint64, which numbers cannot hold. */

// A string, which is skipped, or a number.
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The fewest digits with which an integer may be beyond `Number.MAX_SAFE_INTEGER`. */
const largeInteger = /^-?\d{16,}$/;

/** Parses JSON; integers of 16 digits and more become strings. @throws SyntaxError */
export function parseExact(text: string): unknown {
  return JSON.parse(text.replace(token, (found) => (largeInteger.test(found) ? `"${found}"` : found)));
}
