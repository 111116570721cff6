import type { MiddlewareHandler } from 'hono';
import { answerProblem } from './problem-answer';

/**
 * Refuses bodies above a size with 413. A body sent in chunks is counted while it arrives and read no further than that.
 *
 * Hono's own `bodyLimit` rebuilds the request by the global `Request`, which does not take the adapter's lighter one.
 *
 * @param sizeBytesMax by path.
 */
export const limitBody =
  (sizeBytesMax: (path: string) => number): MiddlewareHandler =>
  async (c, next) => {
    const max = sizeBytesMax(c.req.path);
    const refuse = () => answerProblem(c, 413, 'body_too_large', `At most ${max / 1024 / 1024} MB are accepted here.`);
    const declared = c.req.header('content-length');
    if (declared !== undefined) {
      // Node's parser ends the body where it was said to end, so the word can be trusted.
      if (Number(declared) > max) return refuse();
    } else if (c.req.header('transfer-encoding') !== undefined && c.req.raw.body !== null) {
      const chunks: Uint8Array[] = [];
      let sizeBytes = 0;
      for await (const chunk of c.req.raw.body as unknown as AsyncIterable<Uint8Array>) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > max) return refuse();
        chunks.push(chunk);
      }
      const bytes = new Uint8Array(Buffer.concat(chunks)).buffer;
      // Typed as the value, kept as a promise of it: what `c.req.text()`, `.json()` and `.arrayBuffer()` read from now on.
      c.req.bodyCache.arrayBuffer = Promise.resolve(bytes) as unknown as ArrayBuffer;
    }
    return next();
  };
