import { hashChain } from '@/lib/chain/print-chain';
import type { ImportedChain } from '@/lib/exchange/import-chain';
import { type ChainComparison, compareChains, type LoneAction } from '@/lib/insight/compare-chains';
import type { FieldChange } from '@/lib/insight/compare-json';
import { type ChainChange, describeChange, listChanges } from '@/lib/insight/describe-change';
import { printJson } from '@/lib/json/print-json';
import type { JsonValue } from '@/lib/json/value';
import { CommandRefused } from '../command-refused';
import { EXIT, type ExitCode } from '../exit-codes';
import { toPrintable, toPrintableJson } from '../printable';
import { printRejection, readChainFile } from '../read-chain-file';
import { nameOf, type Terminal } from '../terminal';

export interface DiffOptions {
  readonly json: boolean;
}

interface ReadFile extends ImportedChain {
  readonly file: string;
}

/**
 * Tells what became of one chain in another: on stdout one line a change, or with `--json` one JSON document. Layout is
 * no part of either file. A mapping is compared as the chain that importing it gives.
 *
 * @returns 0 when both are the same chain, byte for byte once printed; 1 when not; 3 when one is no valid chain.
 */
export async function diff(
  before: string,
  after: string,
  { json }: DiffOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (before === '-' && after === '-') {
    throw new CommandRefused('Standard input holds one chain only: name a file for the other one.', EXIT.usage);
  }
  // Both are read before either is refused, so that a person mends them in one go.
  const files = [await read(before, terminal), await read(after, terminal)] as const;
  const [one, other] = files;
  if (one === undefined || other === undefined) return EXIT.invalidDocument;

  const comparison = compareChains(one.workbench.chain, other.workbench.chain);
  await terminal.writeOut(json ? printDocument(one, other, comparison) : printText(before, after, comparison));
  return comparison.isSame ? EXIT.completed : EXIT.failed;
}

async function read(file: string, terminal: Terminal): Promise<ReadFile | undefined> {
  const imported = await readChainFile(terminal, file);
  if (imported.ok) return { ...imported.value, file };
  for (const rejection of imported.error) terminal.writeError(printRejection(file, rejection));
  return undefined;
}

function printText(before: string, after: string, comparison: ChainComparison): string {
  const [one, other] = [before, after].map((file) => toPrintable(nameOf(file)));
  if (comparison.isSame) return `${one} and ${other} hold the same chain.\n`;
  const lines = [`${one} → ${other}`];
  let group: string | undefined;
  for (const change of listChanges(comparison)) {
    const { title, sign } = LOOKS[change.type];
    if (title !== group) lines.push('', title);
    group = title;
    lines.push(`  ${sign} ${toPrintable(describeChange(change))}`);
  }
  return `${[...lines, '', summarise(comparison)].join('\n')}\n`;
}

/** Under which heading a change stands, and what marks it. `listChanges` keeps those of one heading together. */
const LOOKS = {
  renamed: { title: 'Actions', sign: '→' },
  removed: { title: 'Actions', sign: '-' },
  added: { title: 'Actions', sign: '+' },
  'action-field': { title: 'Actions', sign: '~' },
  'edge-removed': { title: 'Dependencies', sign: '-' },
  'edge-added': { title: 'Dependencies', sign: '+' },
  'head-field': { title: 'Chain', sign: '~' },
  order: { title: 'Order', sign: '~' },
  'card-moved': { title: 'Cards', sign: '~' },
} as const satisfies Record<ChainChange['type'], { readonly title: string; readonly sign: string }>;

/** `1 renamed, 2 changed. Runs of both do the same.` */
function summarise({ isSameBehaviour, order, ...comparison }: ChainComparison): string {
  const counts = [
    [comparison.renamed.length, 'renamed', 'renamed'],
    [comparison.removed.length, 'removed', 'removed'],
    [comparison.added.length, 'added', 'added'],
    [comparison.changed.length, 'changed', 'changed'],
    [comparison.edgesRemoved.length, 'dependency removed', 'dependencies removed'],
    [comparison.edgesAdded.length, 'dependency added', 'dependencies added'],
    [comparison.head.length, 'change of the chain itself', 'changes of the chain itself'],
    [order?.moved.length ?? 0, 'moved in the document', 'moved in the document'],
  ] as const;
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, ofOne, ofMany]) => `${count} ${count === 1 ? ofOne : ofMany}`);
  return `${told.join(', ')}. ${isSameBehaviour ? 'Runs of both do the same.' : 'Runs may do something else.'}`;
}

function printDocument(one: ReadFile, other: ReadFile, comparison: ChainComparison): string {
  const { renamed, added, removed, changed, edgesAdded, edgesRemoved, head, order } = comparison;
  const document = record({
    before: fileToJson(one),
    after: fileToJson(other),
    isSame: comparison.isSame,
    isSameBehaviour: comparison.isSameBehaviour,
    renamed: renamed.map(record),
    removed: removed.map(loneToJson),
    added: added.map(loneToJson),
    changed: changed.map(({ id, idBefore, changes }) =>
      record({ id, idBefore: idBefore, changes: changes.map(fieldToJson) }),
    ),
    edgesRemoved: edgesRemoved.map(record),
    edgesAdded: edgesAdded.map(record),
    head: head.map(fieldToJson),
    order: order === null ? null : record({ moved: order.moved, changesPlan: order.changesPlan }),
  });
  return `${toPrintableJson(printJson(document))}\n`;
}

const record = (keys: object): JsonValue => new Map(Object.entries(keys as { readonly [key: string]: JsonValue }));

const fileToJson = ({ file, workbench }: ReadFile): JsonValue =>
  record({ file: nameOf(file), hash: hashChain(workbench.chain) });

const loneToJson = ({ id, definitionId }: LoneAction): JsonValue => record({ id, definitionId });

const fieldToJson = (change: FieldChange): JsonValue => record(change);
