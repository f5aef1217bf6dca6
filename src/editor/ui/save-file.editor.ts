/** Downloads a file as binary data, so that the browser never opens it. */
export function saveFile(blob: Blob, filename: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  // By then the download has started in all browsers.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
