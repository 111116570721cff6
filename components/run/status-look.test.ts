import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { type ActionFailure, FAILURE_KINDS } from '@/lib/failure/action-failure';
import { PROVENANCES } from '@/lib/failure/answer';
import type { JsonText } from '@/lib/json/value';
import type { ActionState } from '@/lib/run/reduce-run';
import { describeSkip, formatBytes, formatDuration, formatElapsed, formatTicking, lookOf } from './status-look';

const record = { queuedAtMs: 0, endedAtMs: null, inputs: null, attempts: [] };
const failure = (over: Partial<ActionFailure> = {}): ActionFailure => ({
  kind: 'rate_limited',
  message: 'Too many calls.',
  mayHaveHappened: false,
  retryAfterMs: null,
  httpStatus: 429,
  where: null,
  ...over,
});
const completed = (over: object = {}): ActionState => ({
  ...record,
  status: 'completed',
  attempt: 1,
  output: { type: 'inline', text: '{}' as JsonText },
  envelope: null,
  latencyMs: 412,
  provenance: 'live',
  replaced: null,
  ...over,
});
const failed = (over: object = {}): ActionState => ({
  ...record,
  status: 'failed',
  attempt: 1,
  failure: failure(),
  envelope: null,
  latencyMs: 30_000,
  retriesEnded: 'attempts',
  ...over,
});
const chipTexts = (state: ActionState) => lookOf(state).chips.map((chip) => chip.text);

describe('lookOf', () => {
  it('shows an action without a run as idle, and as pinned where a pin stands for it', () => {
    expect(lookOf(undefined)).toMatchObject({ look: 'idle', word: 'not run', chips: [] });
    expect(lookOf(undefined, { isPinned: true })).toMatchObject({ look: 'pinned', word: 'pinned' });
    expect(lookOf({ ...record, status: 'idle' }, { isPinned: true }).look).toBe('pinned');
  });

  it('shows a run over a pin: what happened counts, not what is set', () => {
    expect(lookOf(completed(), { isPinned: true }).look).toBe('completed');
  });

  it('says a completed call with its latency', () => {
    expect(lookOf(completed())).toMatchObject({
      look: 'completed',
      word: 'completed',
      sentence: 'completed in 412 ms',
    });
    expect(chipTexts(completed())).toEqual(['412 ms']);
  });

  it('shows a call that needed several attempts as recovered', () => {
    const state = completed({ attempt: 3 });
    expect(lookOf(state)).toMatchObject({ look: 'recovered', sentence: 'completed in 412 ms after 3 attempts' });
    expect(chipTexts(state)).toEqual(['412 ms', '3 attempts', 'recovered']);
  });

  it('shows a fallback as recovered, names the failure it replaced and claims no latency', () => {
    const state = completed({ provenance: 'fallback', replaced: failure() });
    expect(lookOf(state).look).toBe('recovered');
    expect(lookOf(state).reason).toContain('Rate limited (429)');
    expect(chipTexts(state)).toEqual(['recovered', 'fallback']);
  });

  it.each(['pinned', 'mocked'] as const)('never passes a %s output for a call', (provenance) => {
    expect(lookOf(completed({ provenance }))).toMatchObject({
      look: 'pinned',
      word: provenance,
      sentence: `completed, ${provenance}`,
      chips: [{ type: 'provenance', text: provenance }],
    });
  });

  it.each(PROVENANCES.filter((p) => p !== 'live'))('says where a %s output came from', (provenance) => {
    expect(chipTexts(completed({ provenance }))).toContain(provenance);
    expect(lookOf(completed({ provenance })).reason).toMatch(/\.$/);
  });

  it('says the size of an output that is too large to travel with the event', () => {
    const output = { type: 'stored', sha256: 'ab', sizeBytes: 4_404_019, preview: '' };
    expect(chipTexts(completed({ output }))).toEqual(['412 ms', '4.2 MB']);
  });

  it('says a failure by status code and attempts, or by kind and status code', () => {
    expect(lookOf(failed({ attempt: 4 }))).toMatchObject({ look: 'failed', errorLine: '429 after 4 attempts' });
    expect(lookOf(failed()).errorLine).toBe('Rate limited (429)');
    expect(lookOf(failed({ attempt: 2, failure: failure({ kind: 'network', httpStatus: null }) })).errorLine).toBe(
      'Network failure after 2 attempts',
    );
  });

  it('tells timed out, cancelled and in doubt from failed', () => {
    const of = (kind: ActionFailure['kind']) => lookOf(failed({ failure: failure({ kind, httpStatus: null }) }));
    expect(of('timeout')).toMatchObject({
      look: 'timed-out',
      word: 'timed out',
      errorLine: 'Timed out after 30 s',
      sentence: 'Timed out after 30 s',
    });
    expect(of('cancelled')).toMatchObject({ look: 'cancelled', word: 'cancelled' });
    expect(of('interrupted')).toMatchObject({ look: 'failed', word: 'in doubt' });
  });

  it.each(FAILURE_KINDS)('has a line for the failure kind %s', (kind) => {
    expect(lookOf(failed({ failure: failure({ kind }) })).errorLine).toMatch(/^[A-Z]/);
  });

  it('names the field of a template error', () => {
    const where = { path: '/customer_id', line: 1, column: 4, length: 3 };
    const state = failed({ failure: failure({ kind: 'template_error', httpStatus: null, where }) });
    expect(lookOf(state).errorLine).toBe('Template error in customer_id');
  });

  it('counts up while running and down to the next attempt while waiting', () => {
    const running = lookOf({ ...record, status: 'running', attempt: 1, sinceMs: 1000 });
    expect(formatTicking(running.ticking!, 4260)).toBe('3.2 s');
    const state: ActionState = { ...record, status: 'waiting', attempt: 1, retryAtMs: 5000, failure: failure() };
    expect(formatTicking(lookOf(state, { attemptsMax: 4 }).ticking!, 2100)).toBe('2/4 · in 3 s');
    expect(formatTicking(lookOf(state).ticking!, 9000)).toBe('attempt 2 · now');
  });

  it('never counts backwards when the browser clock is behind the server', () => {
    expect(formatTicking({ type: 'elapsed', sinceMs: 5000 }, 4000)).toBe('0.0 s');
  });

  it('says why an action was skipped, and by whom', () => {
    const by = 'fetch_customer' as ActionId;
    expect(lookOf({ ...record, status: 'skipped', because: { type: 'halted', by } })).toMatchObject({
      look: 'skipped',
      reason: 'fetch_customer failed and halted the run.',
    });
    expect(describeSkip({ type: 'upstream', by })).toContain('fetch_customer');
    expect(describeSkip({ type: 'condition' })).toBe('Its condition was false.');
  });
});

describe('quantities', () => {
  it.each([
    [0, '0 ms'],
    [412.4, '412 ms'],
    [999.6, '1 s'],
    [1240, '1.24 s'],
    [9_996, '10 s'],
    [12_440, '12.4 s'],
    [30_000, '30 s'],
    [59_960, '1 min'],
    [123_000, '2 min 3 s'],
    [3_600_000, '1 h'],
    [3_900_000, '1 h 5 min'],
  ])('prints %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [10_240, '10 KB'],
    [1536, '1.5 KB'],
    [1_048_575, '1 MB'],
    [4_404_019, '4.2 MB'],
    [5_368_709_120, '5 GB'],
  ])('prints %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('keeps one decimal while a duration grows', () => {
    expect([0, 950, 59_999, 61_000].map(formatElapsed)).toEqual(['0.0 s', '0.9 s', '59.9 s', '1 min 1 s']);
  });
});
