import { randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { type Chain, effectiveSettings } from '@/lib/chain/chain';
import type { RunId } from '@/lib/chain/ids';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import { isLocalId } from '@/lib/definition/definition';
import { applyEdit } from '@/lib/edit/apply-edit';
import type { ImportedChain } from '@/lib/exchange/import-chain';
import type { Body } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import { buildPlan, type SettingOverrides } from '@/lib/plan/build-plan';
import type { Plan, PlanConnection } from '@/lib/plan/plan';
import { impliedEdgesFix } from '@/lib/problems/apply-fixes';
import { printName } from '@/lib/problems/draft';
import type { Known } from '@/lib/problems/find-problems';
import { invariant } from '@/lib/result';
import type { FinalRunStatus, RunEvent } from '@/lib/run/events';
import { executeRun } from '@/lib/run/execute-run';
import { createMemoryLog } from '@/lib/run/memory-log';
import { emptyRun, type RunState, reduceRun } from '@/lib/run/reduce-run';
import { buildRunResult, loadOutputs, printRunResult } from '@/lib/run/run-result';
import { buildWebhookBody } from '@/lib/run/webhook-body';
import { systemClock } from '@/server/clock';
import { type Connection, simulatorConnection, toPlanConnection } from '@/server/cxone/connection';
import { type ConnectionInvoke, createConnectionInvoke } from '@/server/cxone/connection-invoke';
import { connectionFromEnvironment } from '@/server/cxone/environment';
import { createOutgoing, hostAndPortOf } from '@/server/cxone/outgoing';
import { Secret } from '@/server/secret';
import { startSimulator } from '@/server/simulator/simulator';
import { createWebhookSender, type WebhookSender } from '@/server/webhooks/webhook-sender';
import { CommandRefused } from '../command-refused';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes';
import { createLiveTable } from '../live-table';
import { tellObstacles } from '../obstacles';
import { toPrintable, toPrintableJson } from '../printable';
import { createLineProgress, type Progress } from '../progress';
import { printRejection, readChainFile, readJsonOption } from '../read-chain-file';
import { readKnown, tellUnusedPointers } from '../read-known';
import { nameOf, type Terminal } from '../terminal';

export interface RunOptions {
  readonly input?: string;
  readonly baseUrl?: string;
  readonly simulator: boolean;
  readonly webhook?: string;
  readonly timeoutSec?: number;
  readonly deadlineSec?: number;
  readonly maxConcurrency?: number;
  readonly binding?: 'typed' | 'text';
  readonly undefined?: 'strict' | 'lenient';
  readonly map?: string;
  readonly inferEdges: boolean;
  readonly definitions?: readonly string[];
  readonly allowLiteral?: readonly string[];
  readonly allowFailures: boolean;
  readonly audit?: string;
  readonly json: boolean;
}

/** How long the end of a run waits for status calls that are still under way. */
const WEBHOOK_WAIT_MS = 10_000;

/**
 * Runs a chain to its end with the engine of the server: stdout gets the result document and nothing else.
 *
 * @param cancelled a person wants the run to end (the first Ctrl-C).
 */
export async function run(
  file: string,
  options: RunOptions,
  terminal: Terminal,
  cancelled: AbortSignal,
): Promise<ExitCode> {
  const imported = await readChainFile(terminal, file);
  if (!imported.ok) {
    for (const rejection of imported.error) terminal.writeError(printRejection(file, rejection));
    return EXIT.invalidDocument;
  }
  const { chain: document } = imported.value.workbench;
  const inferred = options.inferEdges ? inferEdges(imported.value, file, terminal) : null;
  const chain = inferred?.chain ?? document;
  const { text: input } = await readJsonOption(terminal, '--input', options.input ?? '{}');

  const asked = findConnection(options, terminal);
  const known = await readKnown(terminal, options);
  tellUnusedPointers(known, imported.value, file, terminal);
  const webhook = chooseWebhook(chain, options, terminal);
  const planned = planRun({ file, chain, input, options, terminal, asked, known, webhook });
  if (typeof planned === 'number') return planned;
  const plan = inferred === null ? planned : withInferred(planned, document, inferred);
  if (asked.type === 'none') throw new CommandRefused(asked.reason, EXIT.noConnection);

  const definitions = [...(known.definitions?.values() ?? [])];
  if (asked.type === 'simulator') refuseUnknownFiles(plan, known);
  const simulator = asked.type === 'simulator' ? await startSimulator({ definitions: () => definitions }) : null;
  const connection = asked.type === 'tenant' ? asked.connection : simulatorConnection(simulator!);
  const client = createConnectionInvoke(connection, {
    clock: systemClock,
    allowedHosts: allowedHostsOf(terminal),
  });
  try {
    const token = await client.checkToken(cancelled);
    if (!token.ok) {
      if (token.error.kind === 'cancelled') return EXIT.interrupted;
      throw new CommandRefused(`No run: ${toPrintable(token.error.message)}`, EXIT.noConnection);
    }
    return await drive({ plan, client, options, terminal, cancelled, webhook });
  } finally {
    await client.close();
    await simulator?.close();
  }
}

/** The chain with the edges that its templates imply, for this run alone; null when none is missing. */
function inferEdges({ workbench }: ImportedChain, file: string, terminal: Terminal): Inferred | null {
  const fix = impliedEdgesFix(workbench.chain);
  if (fix === undefined) return null;
  const edited = applyEdit(workbench, fix.edit);
  invariant(edited.ok, 'implied edges can be added');
  terminal.writeError(`${toPrintable(nameOf(file))}: ${toPrintable(fix.label)} (--infer-edges).\n`);
  return { chain: edited.value.workbench.chain, label: fix.label };
}

interface Inferred {
  readonly chain: Chain;
  readonly label: string;
}

/** What flags change is recorded; the document that a run names stays the one in the file. */
const withInferred = (plan: Plan, document: Chain, { label }: Inferred): Plan => ({
  ...plan,
  chainHash: hashChain(document),
  documentText: printChain(document),
  overrides: [...plan.overrides, label],
});

type AskedConnection =
  | { readonly type: 'simulator' }
  | { readonly type: 'tenant'; readonly connection: Connection }
  | { readonly type: 'none'; readonly reason: string };

/** Never falls back to the simulator: what runs unattended must not pass for real. */
function findConnection(options: RunOptions, { env }: Terminal): AskedConnection {
  const { simulator, baseUrl, map, definitions } = options;
  if (simulator && baseUrl !== undefined) {
    throw new CommandRefused('--simulator and --base-url exclude each other.', EXIT.usage);
  }
  if (simulator && map !== undefined) {
    throw new CommandRefused('--simulator and --map exclude each other: it answers every id as it stands.', EXIT.usage);
  }
  if (!simulator && definitions !== undefined) {
    throw new CommandRefused('--definitions is for --simulator: a tenant has definitions of its own.', EXIT.usage);
  }
  if (simulator) return { type: 'simulator' };
  const found = connectionFromEnvironment(baseUrl === undefined ? env : { ...env, CXONE_BASE_URL: baseUrl });
  if (!found.ok) return { type: 'none', reason: found.error };
  if (found.value !== null) return { type: 'tenant', connection: found.value };
  return {
    type: 'none',
    reason:
      'There is no connection: set CXONE_CLIENT_ID and CXONE_CLIENT_SECRET (and CXONE_REGION or CXONE_BASE_URL), ' +
      'in the environment or in .env.local, or ask for --simulator.',
  };
}

function planConnectionOf(asked: AskedConnection): PlanConnection {
  if (asked.type === 'tenant') return toPlanConnection(asked.connection);
  // Without a connection the plan is only looked at for problems: they are told before the missing connection is.
  return { id: 'simulator', name: 'Simulator', purpose: 'simulator' };
}

interface ChosenWebhook {
  readonly settings: NonNullable<Plan['webhook']>;
  readonly secret: Secret | null;
  /** Host and port of every URL that the operator gave: these may be private, whoever else names them too. */
  readonly operatorHosts: readonly string[];
}

/** Flag over document over environment. */
function chooseWebhook(
  chain: Chain,
  { webhook: flag, simulator }: RunOptions,
  { env }: Terminal,
): ChosenWebhook | null {
  // A simulated run tells nobody unless it is asked to.
  if (simulator && flag === undefined) return null;
  const written = effectiveSettings(chain).webhook;
  const fromEnvironment = nonEmpty(env['CXONE_WEBHOOK_URL']);
  const url = flag ?? written?.url ?? fromEnvironment;
  if (url === undefined) return null;
  if (!isHttpUrl(url)) {
    throw new CommandRefused('The webhook must be an http:// or https:// URL.', EXIT.usage);
  }
  const secretRef = written?.secretRef ?? null;
  const secret = secretRef === null ? undefined : nonEmpty(env[`CHAINWRIGHT_SECRET_${secretRef}`]);
  if (secretRef !== null && secret === undefined) {
    throw new CommandRefused(
      `The webhook is to be signed, and CHAINWRIGHT_SECRET_${secretRef} is not set.`,
      EXIT.usage,
    );
  }
  return {
    settings: { url, secretRef, events: written?.events ?? 'actions' },
    secret: secret === undefined ? null : new Secret(secret),
    operatorHosts: [flag, fromEnvironment].flatMap((given) =>
      given !== undefined && isHttpUrl(given) ? [hostAndPortOf(given)] : [],
    ),
  };
}

/** The simulator answers an imported definition from its file; without it every call would end as not found. */
function refuseUnknownFiles({ steps }: Plan, { definitions }: Known): void {
  const unknown = steps.find(
    ({ source, definitionId }) =>
      source.type === 'call' && isLocalId(definitionId) && definitions?.has(definitionId) !== true,
  );
  if (unknown === undefined) return;
  const { actionId, definitionId } = unknown;
  throw new CommandRefused(
    `${toPrintable(printName(actionId))} calls the imported definition ${toPrintable(printName(definitionId))}. ` +
      'Give the simulator its file with --definitions FILE.',
    EXIT.usage,
  );
}

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const nonEmpty = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : text.trim();

/** The plan, or the exit code after the reasons against it have been told. */
function planRun(wish: {
  readonly file: string;
  readonly chain: Chain;
  readonly input: JsonText;
  readonly options: RunOptions;
  readonly terminal: Terminal;
  readonly asked: AskedConnection;
  readonly known: Known;
  readonly webhook: ChosenWebhook | null;
}): Plan | ExitCode {
  const { file, chain, input, options, terminal, asked, known, webhook } = wish;
  const overrides: SettingOverrides = {
    ...(options.timeoutSec === undefined ? {} : { timeoutMs: Math.round(options.timeoutSec * 1000) }),
    ...(options.deadlineSec === undefined ? {} : { deadlineMs: Math.round(options.deadlineSec * 1000) }),
    ...(options.maxConcurrency === undefined ? {} : { maxConcurrency: options.maxConcurrency }),
    ...(options.binding === undefined ? {} : { binding: options.binding }),
    ...(options.undefined === undefined ? {} : { undefinedMode: options.undefined }),
    ...(webhook === null ? {} : { webhook: webhook.settings }),
  };
  const plan = buildPlan({
    chain,
    runId: randomUUID() as RunId,
    input,
    connection: planConnectionOf(asked),
    // A tenant has no definition under a `local:` id, whether or not a map was given.
    idMap: asked.type === 'tenant' ? (known.idMap ?? new Map()) : known.idMap,
    allowedLiterals: [...known.allowedLiterals],
    request: { type: 'all' },
    pins: new Map(),
    onDoubt: 'interrupt',
    newCallKey: randomUUID,
    overrides,
    isWebhookAskedFor: options.webhook !== undefined,
  });
  return plan.ok ? plan.value : tellObstacles(file, plan.error, terminal);
}

/** Drives the planned run, tells of it, and prints its result. */
async function drive(given: {
  readonly plan: Plan;
  readonly client: ConnectionInvoke;
  readonly options: RunOptions;
  readonly terminal: Terminal;
  readonly cancelled: AbortSignal;
  readonly webhook: ChosenWebhook | null;
}): Promise<ExitCode> {
  const { plan, client, options, terminal, cancelled, webhook } = given;
  const audit = options.audit === undefined ? null : openAuditFile(options.audit, terminal);
  const shown = [...chooseProgress(options, terminal), ...(audit === null ? [] : [audit.progress])];
  const sender = plan.webhook === null || webhook === null ? null : openWebhook(webhook, terminal);

  const textBySha256 = new Map<string, JsonText>();
  let state: RunState = emptyRun(plan.runId);
  const memory = createMemoryLog(plan.runId, systemClock.nowMs, (events) => {
    state = reduceRun(state, events);
    for (const progress of shown) progress.show(events, state);
    for (const event of events) notify(event);
  });
  const log = {
    ...memory,
    keep: (text: JsonText): Body => {
      const body = memory.keep(text);
      if (body.type === 'stored') textBySha256.set(body.sha256, text);
      return body;
    },
  };

  function notify(event: RunEvent): void {
    if (sender === null) return;
    const textOf = (body: Body): JsonText => (body.type === 'inline' ? body.text : textBySha256.get(body.sha256)!);
    const body = buildWebhookBody(event, { plan, state, textOf });
    if (body === null) return;
    const label = 'actionId' in event ? `${event.actionId} ${event.type.replace('action.', '')}` : event.type;
    sender.sender.push({ id: `${plan.runId}-${event.seq}`, body, label });
  }

  try {
    const final = await executeRun(plan, {
      log,
      invoke: client.invoke,
      clock: systemClock,
      random: Math.random,
      cancelled,
      released: new AbortController().signal,
      reportDefect: (incidentId, error) => {
        terminal.writeError(`Incident ${incidentId}: ${toPrintable(String(error))}\n`);
      },
    });
    for (const progress of shown) progress.end();
    const outputs = await loadOutputs(final, log.load);
    await terminal.writeOut(toPrintableJson(printRunResult(buildRunResult(final, outputs))));
    await settleWebhooks(sender, terminal);
    return exitCodeOf(final.status as FinalRunStatus, options.allowFailures);
  } finally {
    audit?.close();
    await sender?.close();
  }
}

/** Audit lines go to stderr unless a file takes them; a terminal gets the table instead. */
function chooseProgress({ json, audit }: RunOptions, terminal: Terminal): readonly Progress[] {
  if (json) return [createLineProgress(terminal.writeError)];
  if (terminal.size() === null) return audit === undefined ? [createLineProgress(terminal.writeError)] : [];
  return [
    createLiveTable({
      write: terminal.writeError,
      size: () => terminal.size() ?? { columns: 80, rows: 24 },
      nowMs: systemClock.nowMs,
      hasColour: nonEmpty(terminal.env['NO_COLOR']) === undefined,
    }),
  ];
}

/** Appended line by line, so what is there survives whatever happens to this process. */
function openAuditFile(file: string, terminal: Terminal): { readonly progress: Progress; readonly close: () => void } {
  const refuse = (error: unknown): string => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return `--audit ${toPrintable(file)} cannot be written (${code}).`;
  };
  let descriptor: number;
  try {
    descriptor = openSync(file, 'a', 0o600);
  } catch (error) {
    throw new CommandRefused(refuse(error), EXIT.usage);
  }
  let isBroken = false;
  const write = (text: string): void => {
    if (isBroken) return;
    try {
      writeSync(descriptor, text);
    } catch (error) {
      // A full disk must not end a run half-way; the rest of the lines is missing, and that is said.
      isBroken = true;
      terminal.writeError(`${refuse(error)} The run goes on without audit lines.\n`);
    }
  };
  return {
    progress: createLineProgress(write),
    close: () => closeSync(descriptor),
  };
}

function openWebhook(
  webhook: ChosenWebhook,
  terminal: Terminal,
): { readonly sender: WebhookSender; readonly close: () => Promise<void> } {
  const { url } = webhook.settings;
  const dispatcher = createOutgoing({ allowedHosts: [...webhook.operatorHosts, ...allowedHostsOf(terminal)] });
  const sender = createWebhookSender({ url, secret: webhook.secret, dispatcher, clock: systemClock });
  return { sender, close: () => dispatcher.destroy() };
}

async function settleWebhooks(open: { readonly sender: WebhookSender } | null, terminal: Terminal): Promise<void> {
  if (open === null) return;
  const undelivered = await open.sender.finish(WEBHOOK_WAIT_MS);
  for (const { call, reason } of undelivered) {
    terminal.writeError(`Webhook not delivered: ${toPrintable(call.label)} (${reason ?? 'not tried'}).\n`);
  }
}

const allowedHostsOf = ({ env }: Terminal): readonly string[] =>
  (env['CHAINWRIGHT_ALLOW_HOSTS'] ?? '').split(/[\s,]+/).filter((host) => host !== '');
