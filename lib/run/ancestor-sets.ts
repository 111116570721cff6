export interface AncestorSets {
  /** Whether `position` needs `other`, directly or through others. */
  readonly isAncestor: (other: number, position: number) => boolean;
}

/** Ancestors of every step as rows of bits: 0.5 MB for the 2,000 actions that a chain may have. Needs point to smaller positions. */
export function findAncestorSets(needs: readonly (readonly number[])[]): AncestorSets {
  const wordCount = Math.ceil(needs.length / 32);
  const bits = new Uint32Array(needs.length * wordCount);
  for (const [position, needed] of needs.entries()) {
    const row = position * wordCount;
    for (const need of needed) {
      for (let word = 0; word < wordCount; word++) bits[row + word]! |= bits[need * wordCount + word]!;
      bits[row + (need >> 5)]! |= 1 << (need & 31);
    }
  }
  return {
    isAncestor: (other, position) => (bits[position * wordCount + (other >> 5)]! & (1 << (other & 31))) !== 0,
  };
}
