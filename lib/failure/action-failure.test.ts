import { describe, expect, it } from 'vitest';
import { buildFailure, FAILURE_KINDS, failureKindOfStatus } from './action-failure';
import { FAILURE_WORDS, type FailureWords } from './failure-words';

describe('buildFailure', () => {
  it('says that a call may have happened for exactly the kinds that leave doubt', () => {
    const doubtful = FAILURE_KINDS.filter((kind) => buildFailure({ kind, message: '', wasSent: true }).mayHaveHappened);
    expect(doubtful).toEqual([
      'timeout',
      'server_error',
      'gateway_timeout',
      'network',
      'bad_response',
      'cancelled',
      'interrupted',
    ]);
  });

  it('leaves no doubt about a request that never left', () => {
    for (const kind of FAILURE_KINDS) {
      expect(buildFailure({ kind, message: '', wasSent: false }).mayHaveHappened, kind).toBe(false);
    }
  });
});

describe('failureKindOfStatus', () => {
  it.each([
    [200, null],
    [302, null],
    [400, 'invalid_request'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'not_found'],
    [422, 'invalid_request'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [503, 'server_error'],
    [504, 'gateway_timeout'],
  ] as const)('takes %d as %s', (status, kind) => {
    expect(failureKindOfStatus(status)).toBe(kind);
  });
});

describe('the registry of failures', () => {
  it.each(FAILURE_KINDS)('explains %s with a sentence, causes and next steps', (kind) => {
    const words: FailureWords = FAILURE_WORDS[kind];
    expect(words.sentence).toMatch(/^[A-Z].*\.$/s);
    expect(words.label).not.toBe('');
    expect(words.causes.length).toBeGreaterThan(0);
    expect(words.nextSteps.length).toBeGreaterThan(0);
    expect(words.nextSteps.every(({ text }) => text.endsWith('.'))).toBe(true);
  });

  it('says of a 504 what the tutorial says: raise the timeout, trim the definition, keep partial results', () => {
    const said = FAILURE_WORDS.gateway_timeout.nextSteps.map(({ text }) => text).join(' ');
    expect(said).toContain('Raise `timeout_sec`');
    expect(said).toContain('Trim the data action’s definition');
    expect(said).toContain('is kept');
  });

  it('warns of doubt in the words of every kind that leaves some', () => {
    for (const kind of ['timeout', 'server_error', 'gateway_timeout', 'network', 'cancelled'] as const) {
      expect(FAILURE_WORDS[kind].sentence, kind).toContain('may have taken effect');
    }
  });
});
