import { STATUS_CODES } from 'node:http';
import type { Context, TypedResponse } from 'hono';
import type { Rejection } from '@/lib/chain/rejection';
import { HTTP_PROBLEM, type HttpProblem } from '@/lib/protocol/http-problem';

export type ProblemStatus = 400 | 403 | 404 | 409 | 413 | 415 | 421 | 422 | 429 | 500 | 502 | 503;

/** A problem document (RFC 9457). It never holds a stack, a path of this machine or a secret. */
export const buildProblem = (
  status: ProblemStatus,
  code: string,
  detail: string,
  problems?: HttpProblem['problems'],
): HttpProblem => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Problem',
  status,
  detail,
  code,
  ...(problems === undefined ? {} : { problems }),
});

export const PROBLEM_TYPE = 'application/problem+json';

/** Answers with a problem document. */
export const answerProblem = (
  c: Context,
  status: ProblemStatus,
  code: string,
  detail: string,
  problems?: HttpProblem['problems'],
): Response & TypedResponse<HttpProblem, ProblemStatus, 'json'> =>
  c.json(buildProblem(status, code, detail, problems), status, { 'content-type': PROBLEM_TYPE });

/**
 * Answers with JSON text as it is: what the store holds is not parsed only to be printed again. It takes whatever type the
 * route has declared, because no compiler can look into text; the tests hold these routes to their schemas.
 */
export const answerJsonText = (c: Context, text: string): Response & TypedResponse<never, 200, 'json'> =>
  c.body(text, 200, { 'content-type': 'application/json' }) as unknown as Response & TypedResponse<never, 200, 'json'>;

/** For the `default` of a route's answers. */
export const PROBLEM_ANSWER = {
  description: 'A problem document (RFC 9457).',
  content: { [PROBLEM_TYPE]: { schema: HTTP_PROBLEM } },
} as const;

/** Why text was not accepted, as places in a problem document. */
export const rejectionsToProblems = (rejections: readonly Rejection[]): NonNullable<HttpProblem['problems']> =>
  rejections.map(({ code, message, path }) => ({ code, severity: 'error', message, path }));
