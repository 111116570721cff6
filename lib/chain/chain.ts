import { z } from 'zod';
import { FAILURE_KINDS, type FailureKind } from '@/lib/failure/action-failure';
import { type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import type { ActionId } from './ids';

/**
 * The fixed keys of `chainwright.chain/1`, and their only definition. Keys are the document's own (`snake_case`).
 *
 * Each schema takes one object with fixed keys, already as a flat record of its JSON values; free data (`actions`, `inputs`,
 * `fallback`, chain `inputs`) is declared `free` and passes by untouched. Numbers stay {@link Numeral}: a document keeps
 * `30.0` as it was written.
 */

export const CHAIN_FORMAT = 'chainwright.chain/1';
export const ACTIONS_MAX = 2000;

/** Any JSON; never through zod, which would drop `__proto__` and reorder ids. */
const free = z.custom<JsonValue>((value) => value !== undefined, 'Expected a value.').meta({});

function numeral(limits: { readonly min: number; readonly max: number; readonly isInteger?: boolean }) {
  const { min, max, isInteger = false } = limits;
  const expected = `a ${isInteger ? 'whole ' : ''}number from ${min} to ${max}`;
  return z
    .custom<Numeral>(
      (value) =>
        value instanceof Numeral &&
        value.toNumber() >= min &&
        value.toNumber() <= max &&
        (!isInteger || Number.isInteger(value.toNumber())),
      `Expected ${expected}.`,
    )
    .meta({ type: isInteger ? 'integer' : 'number', minimum: min, maximum: max });
}

/** Null is allowed for the action keys that a hand-written mapping leaves empty; import normalises it away. */
const string = z.string();

export const RETRY_FIELDS = z.strictObject({
  max_attempts: numeral({ min: 1, max: 100, isInteger: true }).optional(),
  initial_delay_sec: numeral({ min: 0, max: 3600 }).optional(),
  multiplier: numeral({ min: 1, max: 100 }).optional(),
  max_delay_sec: numeral({ min: 0, max: 3600 }).optional(),
  jitter: z.enum(['full', 'none']).optional(),
  max_elapsed_sec: numeral({ min: 0, max: 86_400 }).optional(),
  /** Kinds that are never tried again are read, so that the document is a draft with a problem and not refused. */
  on: z.array(z.enum(FAILURE_KINDS)).readonly().optional(),
});

export const WEBHOOK_FIELDS = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  secret_ref: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'Expected capitals, digits and _, such as STATUS_WEBHOOK_SECRET.')
    .optional(),
  events: z.enum(['actions', 'run', 'all']).optional(),
});

export const SETTINGS_FIELDS = z.strictObject({
  binding: z.enum(['typed', 'text']).optional(),
  undefined: z.enum(['strict', 'lenient']).optional(),
  max_concurrency: numeral({ min: 1, max: 64, isInteger: true }).optional(),
  timeout_sec: numeral({ min: 0.1, max: 3600 }).optional(),
  deadline_sec: numeral({ min: 0.1, max: 604_800 }).nullable().optional(),
  on_failure: z.enum(['halt', 'continue']).optional(),
  retry: free.optional(),
  webhook: free.optional(),
});

export const ACTION_FIELDS = z.strictObject({
  definition_id: string.min(1, 'Expected a definition id.'),
  depends_on: z.array(string).readonly().nullable().optional(),
  inputs: free.optional(),
  label: string.optional(),
  notes: string.optional(),
  disabled: z.boolean().optional(),
  when: string.optional(),
  run_if: z.enum(['all_completed', 'all_done']).optional(),
  timeout_sec: numeral({ min: 0.1, max: 3600 }).optional(),
  retry: free.optional(),
  on_failure: z.enum(['halt', 'continue', 'fallback']).optional(),
  fallback: free.optional(),
  effect: z.enum(['read', 'idempotent', 'write']).optional(),
});

export const CHAIN_FIELDS = z.strictObject({
  $schema: string.optional(),
  format: z.literal(CHAIN_FORMAT),
  name: string.max(200).optional(),
  description: string.max(20_000).optional(),
  inputs: free.optional(),
  settings: free.optional(),
  actions: z.custom<JsonValue>((value) => value !== undefined, 'Expected an object: action id → action.').meta({}),
});

/** Keys that begin with `x-`, in document order; kept, never read. */
interface WithExtra {
  readonly extra: JsonObject;
}

export type RetryOverrides = Readonly<z.infer<typeof RETRY_FIELDS>> & WithExtra;
export type WebhookSettings = Readonly<z.infer<typeof WEBHOOK_FIELDS>> & WithExtra;

type Fixed<Fields extends z.ZodType, Refined extends string> = Readonly<Omit<z.infer<Fields>, Refined>> & WithExtra;

/** Settings as written: an absent key stays absent. {@link effectiveSettings} fills in the defaults. */
export type Settings = Fixed<typeof SETTINGS_FIELDS, 'retry' | 'webhook'> & {
  readonly retry?: RetryOverrides;
  readonly webhook?: WebhookSettings;
};

/** One action as written. `depends_on` holds each id once and may name actions that do not exist. */
export type Action = Fixed<typeof ACTION_FIELDS, 'depends_on' | 'inputs' | 'retry' | 'fallback'> & {
  readonly depends_on?: readonly ActionId[];
  readonly inputs?: JsonValue;
  readonly retry?: RetryOverrides;
  readonly fallback?: JsonValue;
};

/** The saved document. Frozen in meaning: an edit makes a new one and shares what it did not touch. */
export type Chain = Fixed<typeof CHAIN_FIELDS, 'inputs' | 'settings' | 'actions' | 'format'> & {
  /** JSON Schema (2020-12) of the chain's own inputs; templates read them as `{{ input.account_id }}`. */
  readonly inputs?: JsonValue;
  readonly settings?: Settings;
  /** In document order. */
  readonly actions: ReadonlyMap<ActionId, Action>;
};

export type Effect = NonNullable<Action['effect']>;

/** Retry rules with every default filled in; milliseconds. */
export interface RetryPolicy {
  /** Counts the first attempt: 1 turns retries off. */
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly multiplier: number;
  readonly maxDelayMs: number;
  readonly jitter: 'full' | 'none';
  readonly maxElapsedMs: number;
  /** As written; kinds that are never tried again may be among them, and are a problem of the chain. */
  readonly on: readonly FailureKind[];
}

export interface EffectiveSettings {
  readonly binding: 'typed' | 'text';
  readonly undefinedMode: 'strict' | 'lenient';
  readonly maxConcurrency: number;
  readonly timeoutMs: number;
  readonly deadlineMs: number | null;
  readonly onFailure: 'halt' | 'continue';
  readonly retry: RetryPolicy;
  readonly webhook: {
    readonly url: string;
    readonly secretRef: string | null;
    readonly events: 'actions' | 'run' | 'all';
  } | null;
}

const seconds = (value: Numeral | undefined, fallbackSec: number): number =>
  Math.round((value?.toNumber() ?? fallbackSec) * 1000);

/** The defaults of chain-document.md. */
export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 4,
  initialDelayMs: 1000,
  multiplier: 2,
  maxDelayMs: 30_000,
  jitter: 'full',
  maxElapsedMs: 120_000,
  on: ['rate_limited'],
};

function overrideRetry(base: RetryPolicy, written: RetryOverrides | undefined): RetryPolicy {
  if (written === undefined) return base;
  return {
    maxAttempts: written.max_attempts?.toNumber() ?? base.maxAttempts,
    initialDelayMs: seconds(written.initial_delay_sec, base.initialDelayMs / 1000),
    multiplier: written.multiplier?.toNumber() ?? base.multiplier,
    maxDelayMs: seconds(written.max_delay_sec, base.maxDelayMs / 1000),
    jitter: written.jitter ?? base.jitter,
    maxElapsedMs: seconds(written.max_elapsed_sec, base.maxElapsedMs / 1000),
    on: written.on ?? base.on,
  };
}

/** The settings in force: what is written, and the default for what is not. */
export function effectiveSettings(chain: Chain): EffectiveSettings {
  const written = chain.settings;
  const deadline = written?.deadline_sec ?? null;
  return {
    binding: written?.binding ?? 'typed',
    undefinedMode: written?.undefined ?? 'strict',
    maxConcurrency: written?.max_concurrency?.toNumber() ?? 5,
    timeoutMs: seconds(written?.timeout_sec, 30),
    deadlineMs: deadline === null ? null : seconds(deadline, 0),
    onFailure: written?.on_failure ?? 'halt',
    retry: overrideRetry(DEFAULT_RETRY, written?.retry),
    webhook:
      written?.webhook === undefined
        ? null
        : {
            url: written.webhook.url,
            secretRef: written.webhook.secret_ref ?? null,
            events: written.webhook.events ?? 'actions',
          },
  };
}

export interface EffectivePolicy {
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly onFailure: 'halt' | 'continue' | 'fallback';
  readonly runIf: 'all_completed' | 'all_done';
  readonly effect: Effect;
}

/** The policy in force for one action; its `retry` overrides the chain's key by key. */
export function effectivePolicy(settings: EffectiveSettings, action: Action): EffectivePolicy {
  return {
    timeoutMs: seconds(action.timeout_sec, settings.timeoutMs / 1000),
    retry: overrideRetry(settings.retry, action.retry),
    onFailure: action.on_failure ?? settings.onFailure,
    runIf: action.run_if ?? 'all_completed',
    effect: action.effect ?? 'write',
  };
}

const NO_DEPENDENCIES: readonly ActionId[] = [];
export const dependenciesOf = (action: Action): readonly ActionId[] => action.depends_on ?? NO_DEPENDENCIES;

const NO_INPUTS: JsonValue = new Map();
export const inputsOf = (action: Action): JsonValue => action.inputs ?? NO_INPUTS;
