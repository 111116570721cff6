/** How often a property is tried: as often as it says, and many times that in `npm run test:long`. */
export const fuzzRuns = (count: number): number => count * Number(process.env.FUZZ_FACTOR ?? 1);
