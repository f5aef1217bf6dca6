/** The names of all ways to throw. */
export const ways: readonly string[];
