import { clipText } from '@/lib/clip-text';
import type { FailureKind } from '@/lib/failure/action-failure';
import type { Answer, Provenance } from '@/lib/failure/answer';
import { parseRetryAfterMs } from '@/lib/failure/decide-retry';
import { parseJson } from '@/lib/json/parse-json';
import { findAtPath, parsePointer } from '@/lib/json/pointer';
import { printCompactJson } from '@/lib/json/print-json';
import { isJsonArray, isJsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { assertNever } from '@/lib/result';
import type { AnswerPointers } from './connection';
import { failureOf } from './failures';
import type { Redactor } from './redactor';
import type { HttpAnswer } from './send-request';

export interface ReadingRules {
  readonly pointers: AnswerPointers;
  /** The scope that a 403 asks for. */
  readonly permission: 'dataactions:execute' | 'dataactions:read';
  readonly provenance: Provenance;
  readonly redactor: Redactor;
  /** Wall time in epoch milliseconds, for a Retry-After that is a date. */
  readonly nowMs: number;
}

export type Reading =
  | { readonly type: 'answered'; readonly answer: Answer }
  /** Accepted, not finished: ask again. The id is null when the answer names none. */
  | { readonly type: 'pending'; readonly executionId: string | null; readonly retryAfterMs: number | null };

const COMPLETED = new Set(['completed', 'succeeded', 'success']);
const FAILED = new Set(['failed', 'error', 'cancelled', 'timed_out']);
const PENDING = new Set(['queued', 'pending', 'running', 'in_progress']);

/** Deeper answers are refused: what reads them again walks recursively. */
const ANSWER_DEPTH_MAX = 128;

/**
 * What an HTTP answer of an execution says, with known secrets replaced. The output leaves with the numbers and the
 * order of keys that it came with.
 */
export function readAnswer(http: HttpAnswer, rules: ReadingRules): Reading {
  const { status } = http;
  const retryAfterMs = parseRetryAfterMs(http.retryAfter, rules.nowMs);
  const parsed = parseJson(http.text, { sizeBytesMax: Number.MAX_SAFE_INTEGER, depthMax: ANSWER_DEPTH_MAX });
  const body = parsed.ok ? rules.redactor.redactJson(parsed.value) : undefined;
  const envelope = body === undefined ? null : printCompactJson(body);

  const fail = (kind: FailureKind, message: string): Reading => {
    const mayHaveHappened = kind === 'gateway_timeout' || kind === 'server_error' || kind === 'bad_response';
    const failure = failureOf(kind, rules.redactor.redactText(message), {
      mayHaveHappened,
      retryAfterMs,
      httpStatus: status,
    });
    return { type: 'answered', answer: { type: 'failure', failure, envelope } };
  };

  if (status < 200 || status > 299) {
    const kind = kindOfStatus(status);
    return fail(
      kind,
      describeStatus(kind, status, rules.permission, body === undefined ? undefined : tenantMessageOf(body)),
    );
  }
  if (!parsed.ok || body === undefined) {
    if (http.text.trim() === '')
      return fail('bad_response', `CXone answered ${status} without a body: there is no output.`);
    return fail('bad_response', `The answer cannot be read. ${parsed.ok ? '' : parsed.error.message}`.trim());
  }

  const at = (pointer: string): JsonValue | undefined => {
    const path = parsePointer(pointer);
    return path === undefined ? undefined : findAtPath(body, path);
  };
  const word = rules.pointers.status === null ? undefined : (at(rules.pointers.status) ?? undefined);
  const output = at(rules.pointers.output);
  const error = at(rules.pointers.error) ?? undefined;

  switch (meaningOf(word, { hasOutput: output !== undefined, hasError: error !== undefined, status })) {
    case 'completed': {
      if (output === undefined) return fail('bad_response', 'The execution completed, but its answer holds no output.');
      const text = printCompactJson(output);
      const isWhole = rules.pointers.output === '';
      return {
        type: 'answered',
        answer: { type: 'output', output: text, envelope: isWhole ? null : envelope, provenance: rules.provenance },
      };
    }
    case 'failed': {
      const reason = error === undefined ? undefined : (tenantMessageOf(error) ?? tenantMessageOf(body));
      return fail('action_failed', reason ?? 'The data action failed and did not say why.');
    }
    case 'pending': {
      const id = isJsonObject(body) ? body.get('id') : undefined;
      const executionId = typeof id === 'string' && id !== '' ? id : id instanceof Numeral ? id.text : null;
      return { type: 'pending', executionId, retryAfterMs };
    }
    case 'unclear':
      return fail('bad_response', 'The answer holds neither a status nor an output.');
    case 'unknown-word': {
      const found = typeof word === 'string' ? word : printCompactJson(word ?? null);
      return fail('bad_response', `The answer has the unknown status ${JSON.stringify(clipText(found, 60))}.`);
    }
  }
}

type Meaning = 'completed' | 'failed' | 'pending' | 'unclear' | 'unknown-word';

function meaningOf(
  word: JsonValue | undefined,
  found: { readonly hasOutput: boolean; readonly hasError: boolean; readonly status: number },
): Meaning {
  if (word === undefined) {
    if (found.hasOutput) return 'completed';
    if (found.hasError) return 'failed';
    return found.status === 202 ? 'pending' : 'unclear';
  }
  if (typeof word !== 'string') return 'unknown-word';
  const lower = word.toLowerCase();
  if (COMPLETED.has(lower)) return 'completed';
  if (FAILED.has(lower)) return 'failed';
  return PENDING.has(lower) ? 'pending' : 'unknown-word';
}

/** The failure kind of a status that is no success. */
export function kindOfStatus(
  status: number,
): 'auth' | 'not_found' | 'rate_limited' | 'gateway_timeout' | 'server_error' | 'invalid_request' | 'bad_response' {
  if (status === 401 || status === 403) return 'auth';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limited';
  if (status === 504) return 'gateway_timeout';
  if (status >= 500) return 'server_error';
  return status >= 400 ? 'invalid_request' : 'bad_response';
}

function describeStatus(
  kind: ReturnType<typeof kindOfStatus>,
  status: number,
  permission: string,
  reason: string | undefined,
): string {
  const said = reason === undefined ? '' : ` CXone says: ${reason}`;
  switch (kind) {
    case 'auth':
      return status === 403
        ? `CXone refused the call: the client lacks the permission ${permission}.${said}`
        : `CXone refused the access token, and a new one too.${said}`;
    case 'not_found':
      return `CXone does not know what was asked for.${said}`;
    case 'rate_limited':
      return `CXone answered 429: too many calls in a short time.${said}`;
    case 'gateway_timeout':
      return `CXone answered 504: the data action took longer than the gateway waits.${said}`;
    case 'server_error':
      return `CXone answered ${status}: it failed by itself.${said}`;
    case 'invalid_request':
      return `CXone answered ${status}: it does not accept this call.${said}`;
    case 'bad_response':
      return status >= 300 && status < 400
        ? `CXone answered ${status}, a redirect; those are not followed. Check the base URL.`
        : `CXone answered ${status}, which means nothing here.`;
    default:
      return assertNever(kind);
  }
}

/** Where tenants and OAuth endpoints put their words, most telling first. */
const MESSAGE_KEYS = [
  'message',
  'error_description',
  'errorDescription',
  'detail',
  'error',
  'errors',
  'title',
] as const;
const MESSAGE_LENGTH_MAX = 500;

/** What an error body says to a person, on one line; undefined when it says nothing. */
export function tenantMessageOf(body: JsonValue, depth = 0): string | undefined {
  if (depth > 3) return undefined;
  if (typeof body === 'string') {
    const line = body.replace(/[\p{Cc}\s]+/gu, ' ').trim();
    return line === '' ? undefined : clipText(line, MESSAGE_LENGTH_MAX);
  }
  if (isJsonArray(body)) return body[0] === undefined ? undefined : tenantMessageOf(body[0], depth + 1);
  if (!isJsonObject(body)) return undefined;
  for (const key of MESSAGE_KEYS) {
    const value = body.get(key);
    const message = value === undefined ? undefined : tenantMessageOf(value, depth + 1);
    if (message !== undefined) return message;
  }
  return undefined;
}
