/** Returns what a `data:` URL in base64 holds. */
export function blobOf(url: string, type: string): Blob {
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (char) => char.charCodeAt(0));
  return new Blob([bytes], {type});
}

/**
 * Draws a picture, no side of which is longer than `longest` CSS pixels. Resolves to `undefined` where the browser
 * cannot decode it. A canvas needs no permission of a strict page (`img-src`), and fetches nothing.
 */
export async function drawPicture(blob: Blob, longest: number): Promise<HTMLCanvasElement | undefined> {
  const bitmap = await createImageBitmap(blob).catch(() => undefined);
  if (!bitmap) return undefined;
  const {width, height} = bitmap;
  const canvas = document.createElement('canvas');
  const scale = Math.min(1, (longest * devicePixelRatio) / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}
