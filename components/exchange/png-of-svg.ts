import { err, ok, type Result } from '@/lib/result';

/** Dots of the picture for one pixel of the canvas. */
const SCALE = 2;
/** Browsers refuse canvases that are longer or larger; a wide chain is drawn smaller instead. */
const SIDE_MAX = 16_384;
const AREA_MAX = 64 * 1024 * 1024;

/** An SVG picture as PNG, twice as fine, or as fine as a browser can draw it. */
export async function pngOfSvg(svg: string): Promise<Result<Blob, string>> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = Math.min(SCALE, SIDE_MAX / Math.max(width, height), Math.sqrt(AREA_MAX / (width * height)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(width * scale));
    canvas.height = Math.max(1, Math.floor(height * scale));
    const context = canvas.getContext('2d');
    if (context === null) return err(CANNOT);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    return png === null ? err(CANNOT) : ok(png);
  } catch {
    return err(CANNOT);
  } finally {
    URL.revokeObjectURL(url);
  }
}

const CANNOT = 'The browser could not draw it. Take the SVG: it says the same.';
