/** Hands a text to the browser as a file to save. */
export const saveFile = (fileName: string, text: string, mediaType: string): void =>
  saveBlob(fileName, new Blob([text], { type: mediaType }));

/** Hands any bytes to the browser as a file to save. */
export function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The click has handed the blob over; the URL would keep it in memory for the life of the page.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
