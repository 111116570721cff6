import { randomUUID } from 'node:crypto';
import type { Chain } from '@/lib/chain/chain';
import type { RunId } from '@/lib/chain/ids';
import { hashChain } from '@/lib/chain/print-chain';
import { printPath } from '@/lib/graph/print-path';
import type { JsonText } from '@/lib/json/value';
import { buildPlan } from '@/lib/plan/build-plan';
import { type Forecast, type ForecastAction, forecastChain } from '@/lib/plan/forecast';
import type { Known } from '@/lib/problems/find-problems';
import { invariant } from '@/lib/result';
import { EXIT, type ExitCode } from '../exit-codes';
import { isAboutInput, tellObstacles } from '../obstacles';
import { toPrintable, toPrintableJson } from '../printable';
import { printRejection, readChainFile, readJsonOption } from '../read-chain-file';
import { type KnownOptions, readKnown, tellUnusedPointers } from '../read-known';
import { nameOf, type Terminal } from '../terminal';

export interface PlanOptions extends KnownOptions {
  readonly input?: string;
  readonly json: boolean;
}

/**
 * Tells what a run would do, without a connection and without a call: the order, what can run side by side, how long it
 * takes at most under the retry policies, and what it may write. Text for people, or with `--json` one JSON document.
 *
 * @returns 3 for a document that cannot run, 2 for an input that the chain refuses (one that is not given is not
 *   checked) or a `local:` id that the given map does not have.
 */
export async function plan(file: string, options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  const imported = await readChainFile(terminal, file);
  if (!imported.ok) {
    for (const rejection of imported.error) terminal.writeError(printRejection(file, rejection));
    return EXIT.invalidDocument;
  }
  const { chain } = imported.value.workbench;
  const known = await readKnown(terminal, options);
  tellUnusedPointers(known, imported.value, file, terminal);
  const input = options.input === undefined ? null : await readJsonOption(terminal, '--input', options.input);

  const obstacles = findObstacles(chain, known, input?.text ?? null);
  if (obstacles.length > 0) return tellObstacles(file, obstacles, terminal);

  const forecast = forecastChain(chain, { idMap: known.idMap });
  invariant(forecast.ok, 'a chain that can be planned has an order');
  const text = options.json ? printDocument(file, chain, forecast.value) : printText(file, chain, forecast.value);
  await terminal.writeOut(text);
  return EXIT.completed;
}

/** What a run would be refused for. */
function findObstacles(chain: Chain, { idMap, allowedLiterals }: Known, input: JsonText | null) {
  const planned = buildPlan({
    chain,
    runId: randomUUID() as RunId,
    input: input ?? ('{}' as JsonText),
    connection: { id: 'simulator', name: 'Simulator', purpose: 'simulator' },
    idMap,
    allowedLiterals: [...allowedLiterals],
    request: { type: 'all' },
    pins: new Map(),
    onDoubt: 'interrupt',
    newCallKey: randomUUID,
  });
  if (planned.ok) return [];
  return input === null ? planned.error.filter((problem) => !isAboutInput(problem)) : planned.error;
}

function printText(file: string, chain: Chain, forecast: Forecast): string {
  const { generations, writes, criticalPath, maxConcurrency, deadlineMs } = forecast;
  const actionById = new Map(forecast.actions.map((action) => [action.actionId, action]));
  const name = chain.name === undefined || chain.name === '' ? '' : ` (${toPrintable(chain.name)})`;
  const idWidth = Math.min(40, Math.max(0, ...forecast.order.map((id) => [...toPrintable(id)].length)));
  const lines = [
    `${toPrintable(nameOf(file))}${name}: ${count(forecast.order.length, 'action')} in ${count(generations.length, 'group')}, ` +
      `at most ${maxConcurrency} at a time.`,
  ];
  for (const [index, generation] of generations.entries()) {
    lines.push('', `Group ${index + 1}${generation.length > 1 ? `, ${generation.length} side by side` : ''}`);
    for (const id of generation) {
      lines.push(`  ${toPrintable(id).padEnd(idWidth)}  ${describeAction(actionById.get(id)!)}`.trimEnd());
    }
  }
  const isLongerOnRequest = forecast.worstRetryAfterMs > forecast.worstMs;
  lines.push(
    '',
    `Worst case:    ${printTime(forecast.worstMs)}${deadlineMs === null ? '' : `, deadline ${printTime(deadlineMs)}`}`,
    ...(isLongerOnRequest
      ? [`               ${printTime(forecast.worstRetryAfterMs)} when servers ask for waits (Retry-After)`]
      : []),
    `Critical path: ${criticalPath.path.length === 0 ? 'none' : `${toPrintable(printPath(criticalPath.path))}, ${printTime(criticalPath.lengthMs)}`}`,
    `Writes:        ${writes.length === 0 ? 'nothing' : writes.map(toPrintable).join(', ')}`,
  );
  return `${lines.join('\n')}\n`;
}

function describeAction({ effect, schedule, worstMs, isDisabled, isConditional, skippedBy }: ForecastAction): string {
  if (isDisabled) return 'disabled';
  if (skippedBy !== null) return `skipped, because ${toPrintable(skippedBy)} is not called`;
  const attempts = schedule?.attempts ?? 0;
  const tries = attempts > 1 ? `, up to ${attempts} attempts` : '';
  return `${effect.padEnd(10)}  at most ${printTime(worstMs)}${tries}${isConditional ? ', only when its condition holds' : ''}`;
}

/** `2 h 5 min`, `1 min 12.5 s`: the two largest units, never less than it is. */
function printTime(ms: number): string {
  const tenths = Math.ceil(ms / 100);
  const sec = tenths / 10;
  if (sec < 60) return `${sec} s`;
  const minutes = Math.floor(sec / 60);
  const restSec = (tenths - minutes * 600) / 10;
  if (minutes < 60) return restSec === 0 ? `${minutes} min` : `${minutes} min ${restSec} s`;
  const wholeMinutes = Math.ceil(sec / 60);
  const hours = Math.floor(wholeMinutes / 60);
  return wholeMinutes % 60 === 0 ? `${hours} h` : `${hours} h ${wholeMinutes % 60} min`;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function printDocument(file: string, chain: Chain, forecast: Forecast): string {
  const document = {
    file: nameOf(file),
    name: chain.name ?? '',
    chainHash: hashChain(chain),
    order: forecast.order,
    generations: forecast.generations,
    maxConcurrency: forecast.maxConcurrency,
    deadlineSec: forecast.deadlineMs === null ? null : forecast.deadlineMs / 1000,
    worstSec: forecast.worstMs / 1000,
    worstRetryAfterSec: forecast.worstRetryAfterMs / 1000,
    criticalPath: { path: forecast.criticalPath.path, worstSec: forecast.criticalPath.lengthMs / 1000 },
    writes: forecast.writes,
    actions: forecast.actions.map((action) => ({
      action: action.actionId,
      definitionId: action.definitionId,
      effect: action.effect,
      dependsOn: action.dependsOn,
      isDisabled: action.isDisabled,
      isConditional: action.isConditional,
      skippedBy: action.skippedBy,
      attempts: action.schedule?.attempts ?? 0,
      waitsSec: action.schedule?.waitsMs.map((ms) => ms / 1000) ?? [],
      worstSec: action.worstMs / 1000,
      worstRetryAfterSec: action.worstRetryAfterMs / 1000,
      earliestStartSec: action.earliestStartMs / 1000,
      slackSec: action.slackMs / 1000,
    })),
  };
  return `${toPrintableJson(JSON.stringify(document, null, 2))}\n`;
}
