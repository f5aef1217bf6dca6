/** Lets the browser save a file, whatever is in it, without ever opening it. */
export function saveFile(blob: Blob, filename: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  // The download has begun by then, in all browsers.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
