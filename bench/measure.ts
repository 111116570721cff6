/** What one benchmark found; `floorMs` is the same work by the barest means, measured in the same run. */
export interface Measured {
  readonly name: string;
  readonly ms: number;
  readonly floorMs: number | null;
  /** What the specification asks for, in words; null where it asks for nothing. */
  readonly bar: string | null;
}

/** The median time of one call, in milliseconds, after three calls to warm up. */
export async function medianMs(times: number, work: () => unknown): Promise<number> {
  for (let i = 0; i < 3; i++) await work();
  const samples: number[] = [];
  for (let i = 0; i < times; i++) {
    const startMs = performance.now();
    await work();
    samples.push(performance.now() - startMs);
  }
  samples.sort((a, b) => a - b);
  return samples[Math.floor(samples.length / 2)] ?? Number.NaN;
}

/** A benchmark of wrong work is worth nothing: every one checks its output. */
export function expectThat(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`The benchmark did the wrong work: ${what}`);
}
