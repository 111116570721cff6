/** Hands a text to the browser as a file to save. */
export function saveFile(fileName: string, text: string, mediaType: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The click has handed the blob over; the URL would keep it in memory for the life of the page.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
