/** A square of bits, one row a number: which numbers lead to it, say. `n` rows take n² / 8 bytes. */
export interface BitRows {
  readonly words: Uint32Array;
  readonly wordsPerRow: number;
}

export function createBitRows(rowCount: number): BitRows {
  const wordsPerRow = (rowCount + 31) >>> 5;
  return { words: new Uint32Array(rowCount * wordsPerRow), wordsPerRow };
}

export const hasBit = ({ words, wordsPerRow }: BitRows, row: number, column: number): boolean =>
  (words[row * wordsPerRow + (column >>> 5)]! & (1 << (column & 31))) !== 0;

export function setBit({ words, wordsPerRow }: BitRows, row: number, column: number): void {
  words[row * wordsPerRow + (column >>> 5)]! |= 1 << (column & 31);
}

/** Sets in one row every bit that another one has. */
export function mergeRow({ words, wordsPerRow }: BitRows, into: number, from: number): void {
  const target = into * wordsPerRow;
  const source = from * wordsPerRow;
  for (let word = 0; word < wordsPerRow; word++) words[target + word]! |= words[source + word]!;
}
