/** A schema's description in English and Chinese; documents and forms show the one of their language. */
export function describe(en: string, zh: string): { description: string; 'x-description-zh': string } {
  return { description: en, 'x-description-zh': zh };
}
