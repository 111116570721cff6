import { measureCommandLine } from './command-line';
import { measureCore } from './core';
import { measureEngine } from './engine';

/** Prints one table: medians, and ratios against a floor measured in the same run. */
const measured = [...(await measureCore()), ...(await measureEngine()), ...(await measureCommandLine())];
console.table(
  measured.map(({ name, ms, floorMs, bar }) => ({
    work: name,
    ms: Number(ms.toFixed(3)),
    'floor ms': floorMs === null ? '' : Number(floorMs.toFixed(3)),
    '× floor': floorMs === null ? '' : Number((ms / floorMs).toFixed(1)),
    bar: bar ?? '',
  })),
);
