/** The value below which the given share (0 to 1) of the values lies. @throws RangeError when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (found === undefined) throw new RangeError('There is nothing to take a quantile of.');
  return found;
}

/** The middle value, which one disturbed round does not move. @throws RangeError when there are none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
