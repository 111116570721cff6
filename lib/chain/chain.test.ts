import { describe, expect, it } from 'vitest';
import { Numeral, type PlainJson } from '@/lib/json/value';
import { actionOf, chainFrom } from '@/testing/chain-builder';
import { DEFAULT_RETRY, dependenciesOf, effectivePolicy, effectiveSettings, inputsOf } from './chain';

const settingsOf = (settings?: { readonly [key: string]: PlainJson }) =>
  effectiveSettings(chainFrom({ actions: {}, ...(settings === undefined ? {} : { settings }) }));

describe('effectiveSettings', () => {
  const defaults = {
    binding: 'typed',
    undefinedMode: 'strict',
    maxConcurrency: 5,
    timeoutMs: 30_000,
    deadlineMs: null,
    onFailure: 'halt',
    retry: {
      maxAttempts: 4,
      initialDelayMs: 1000,
      multiplier: 2,
      maxDelayMs: 30_000,
      jitter: 'full',
      maxElapsedMs: 120_000,
      on: ['rate_limited'],
    },
    webhook: null,
  };

  it('are the documented defaults where nothing is written', () => {
    expect(settingsOf()).toEqual(defaults);
    expect(settingsOf({})).toEqual(defaults);
  });

  it.each([
    [{ binding: 'text' }, { binding: 'text' }],
    [{ undefined: 'lenient' }, { undefinedMode: 'lenient' }],
    [{ max_concurrency: 1 }, { maxConcurrency: 1 }],
    [{ timeout_sec: 0.1 }, { timeoutMs: 100 }],
    [{ deadline_sec: 90 }, { deadlineMs: 90_000 }],
    [{ deadline_sec: null }, { deadlineMs: null }],
    [{ on_failure: 'continue' }, { onFailure: 'continue' }],
    [{ retry: { max_attempts: 1 } }, { retry: { ...defaults.retry, maxAttempts: 1 } }],
    [
      {
        retry: {
          max_attempts: 2,
          initial_delay_sec: 0.25,
          multiplier: 1.5,
          max_delay_sec: 3,
          jitter: 'none',
          max_elapsed_sec: 9,
          on: ['timeout', 'network'],
        },
      },
      {
        retry: {
          maxAttempts: 2,
          initialDelayMs: 250,
          multiplier: 1.5,
          maxDelayMs: 3000,
          jitter: 'none',
          maxElapsedMs: 9000,
          on: ['timeout', 'network'],
        },
      },
    ],
    [
      { webhook: { url: 'https://example.org/s' } },
      { webhook: { url: 'https://example.org/s', secretRef: null, events: 'actions' } },
    ],
    [
      { webhook: { url: 'https://example.org/s', secret_ref: 'S', events: 'all' } },
      { webhook: { url: 'https://example.org/s', secretRef: 'S', events: 'all' } },
    ],
  ] as [{ readonly [key: string]: PlainJson }, object][])(
    'take %j as written and the rest by default',
    (written, expected) => {
      expect(settingsOf(written)).toEqual({ ...defaults, ...expected });
    },
  );
});

describe('effectivePolicy', () => {
  const settings = settingsOf({ timeout_sec: 7, on_failure: 'continue', retry: { max_attempts: 9, on: ['timeout'] } });

  it('takes the chain’s settings where the action says nothing', () => {
    expect(effectivePolicy(settings, actionOf({}))).toEqual({
      timeoutMs: 7000,
      retry: { ...DEFAULT_RETRY, maxAttempts: 9, on: ['timeout'] },
      onFailure: 'continue',
      runIf: 'all_completed',
      effect: 'write',
    });
  });

  it('lets the action override each of them, and its retry key by key', () => {
    const action = actionOf({
      timeout_sec: new Numeral('0.5'),
      on_failure: 'fallback',
      run_if: 'all_done',
      effect: 'read',
      retry: { max_attempts: new Numeral('2'), extra: new Map() },
    });
    expect(effectivePolicy(settings, action)).toEqual({
      timeoutMs: 500,
      retry: { ...DEFAULT_RETRY, maxAttempts: 2, on: ['timeout'] },
      onFailure: 'fallback',
      runIf: 'all_done',
      effect: 'read',
    });
  });

  it('can retry on nothing', () => {
    const action = actionOf({ retry: { on: [], extra: new Map() } });
    expect(effectivePolicy(settings, action).retry.on).toEqual([]);
  });
});

describe('dependenciesOf and inputsOf', () => {
  it('are empty where the action names none', () => {
    expect(dependenciesOf(actionOf({}))).toEqual([]);
    expect(inputsOf(actionOf({}))).toEqual(new Map());
  });
});
