import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { RunId } from '@/lib/chain/ids';
import { CHAIN_ID, RUN_DETAIL, RUN_EVENTS, RUN_ID, RUN_LIST, RUN_STARTED, SHA256, START_RUN } from '@/lib/protocol/api';
import { emptyRun, reduceRun } from '@/lib/run/reduce-run';
import { buildRunResult, loadOutputs, printRunResult } from '@/lib/run/run-result';
import type { RunRefusal, RunService } from '../runs/run-service';
import type { RunQueries } from '../store/run-queries';
import type { SqlRunLogs } from '../store/sql-run-log';
import { answerJsonText, answerProblem, PROBLEM_ANSWER, type ProblemStatus } from './problem-answer';

const RUN_PARAMS = z.object({ runId: RUN_ID });
const EVENTS_MAX = 2000;
const EVENTS_DEFAULT = 500;
const PAGE_BYTES = 4 * 1024 * 1024;
const RUNS_MAX = 500;
const RUNS_DEFAULT = 100;

const startRoute = createRoute({
  method: 'post',
  path: '/api/runs',
  summary: 'Start a run; events follow over the socket',
  request: { body: { required: true, content: { 'application/json': { schema: START_RUN } } } },
  responses: {
    202: { description: 'Recorded and started.', content: { 'application/json': { schema: RUN_STARTED } } },
    default: PROBLEM_ANSWER,
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/api/runs',
  summary: 'Runs, latest first',
  request: {
    query: z.object({
      chainId: CHAIN_ID.optional(),
      limit: z.coerce.number().int().min(1).max(RUNS_MAX).default(RUNS_DEFAULT),
    }),
  },
  responses: {
    200: { description: 'The runs.', content: { 'application/json': { schema: RUN_LIST } } },
    default: PROBLEM_ANSWER,
  },
});

const detailRoute = createRoute({
  method: 'get',
  path: '/api/runs/{runId}',
  summary: 'One run, with the document and the input it ran on',
  request: { params: RUN_PARAMS },
  responses: {
    200: { description: 'The run.', content: { 'application/json': { schema: RUN_DETAIL } } },
    default: PROBLEM_ANSWER,
  },
});

const eventsRoute = createRoute({
  method: 'get',
  path: '/api/runs/{runId}/events',
  summary: 'Events in the order of their numbers, a page at a time',
  request: {
    params: RUN_PARAMS,
    query: z.object({
      afterSeq: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(EVENTS_MAX).default(EVENTS_DEFAULT),
    }),
  },
  responses: {
    200: {
      description: 'A page; it ends early when it grows large. The last page ends at `latestSeq`.',
      content: { 'application/json': { schema: RUN_EVENTS } },
    },
    default: PROBLEM_ANSWER,
  },
});

const resultRoute = createRoute({
  method: 'get',
  path: '/api/runs/{runId}/result',
  summary: 'The result document, in its own snake_case keys; of a run under way, what there is so far',
  request: { params: RUN_PARAMS },
  responses: {
    200: {
      description: 'The result.',
      content: { 'application/json': { schema: z.object({ trace_id: z.string(), status: z.string() }).loose() } },
    },
    default: PROBLEM_ANSWER,
  },
});

const cancelRoute = createRoute({
  method: 'post',
  path: '/api/runs/{runId}/cancel',
  summary: 'End a run; its end comes as an event',
  request: { params: RUN_PARAMS },
  responses: { 202: { description: 'Asked.' }, default: PROBLEM_ANSWER },
});

const resumeRoute = createRoute({
  method: 'post',
  path: '/api/runs/{runId}/resume',
  summary: 'Take over a run that nobody drives',
  request: { params: RUN_PARAMS },
  responses: { 202: { description: 'Taken over.' }, default: PROBLEM_ANSWER },
});

const bodyRoute = createRoute({
  method: 'get',
  path: '/api/bodies/{sha256}',
  summary: 'A recorded value that was too large for its event',
  request: { params: z.object({ sha256: SHA256 }) },
  responses: {
    200: { description: 'The value: any JSON.', content: { 'application/json': { schema: z.unknown() } } },
    default: PROBLEM_ANSWER,
  },
});

const REFUSAL_STATUS = {
  document_refused: 422,
  input_refused: 422,
  pins_refused: 422,
  plan_refused: 422,
  connection_unknown: 409,
  run_unknown: 404,
  run_finished: 409,
  run_active: 409,
  run_unreadable: 500,
  engine_newer: 409,
  stopping: 503,
} as const satisfies Record<RunRefusal['code'], ProblemStatus>;

const UNKNOWN_RUN = ['run_unknown', 'There is no such run.'] as const;

export interface RunRoutesDeps {
  readonly service: RunService;
  readonly runs: RunQueries;
  readonly logs: SqlRunLogs;
}

/** Starting, reading and ending runs. */
export function registerRunRoutes(app: OpenAPIHono, { service, runs, logs }: RunRoutesDeps): void {
  app.openapi(startRoute, async (c) => {
    const started = await service.start(c.req.valid('json'));
    if (started.ok) return c.json({ runId: started.value }, 202, { location: `/api/runs/${started.value}` });
    const { code, message, problems } = started.error;
    return answerProblem(c, REFUSAL_STATUS[code], code, message, problems);
  });

  app.openapi(listRoute, async (c) => {
    const { chainId, limit } = c.req.valid('query');
    const records = await runs.list({ limit, ...(chainId === undefined ? {} : { chainId }) });
    return c.json({ runs: records.map(service.summarise) }, 200);
  });

  app.openapi(detailRoute, async (c) => {
    const { runId } = c.req.valid('param');
    const [record, stored] = [await runs.find(runId), await runs.findPlan(runId)];
    if (record === undefined || stored === undefined) return answerProblem(c, 404, ...UNKNOWN_RUN);
    if (!stored.ok) {
      return answerProblem(c, 500, 'run_unreadable', `The record of this run is damaged. ${stored.error}`);
    }
    const { documentText, input } = stored.value.plan;
    const inputText = await logs.open(runId as RunId, READER).load(input);
    return c.json({ ...service.summarise(record), documentText, inputText }, 200);
  });

  app.openapi(eventsRoute, async (c) => {
    const { afterSeq, limit } = c.req.valid('query');
    const page = await runs.pageEvents(c.req.valid('param').runId, afterSeq, { events: limit, bytes: PAGE_BYTES });
    if (page === undefined) return answerProblem(c, 404, ...UNKNOWN_RUN);
    const events = page.events.map((event) => event.text).join(',');
    return answerJsonText(c, `{"events":[${events}],"latestSeq":${page.latestSeq}}`);
  });

  app.openapi(resultRoute, async (c) => {
    const runId = c.req.valid('param').runId as RunId;
    if ((await runs.find(runId)) === undefined) return answerProblem(c, 404, ...UNKNOWN_RUN);
    const log = logs.open(runId, READER);
    const state = reduceRun(emptyRun(runId), await log.read());
    return answerJsonText(c, printRunResult(buildRunResult(state, await loadOutputs(state, log.load))));
  });

  app.openapi(cancelRoute, async (c) => {
    const asked = await service.cancel(c.req.valid('param').runId as RunId);
    if (asked.ok) return c.body(null, 202);
    return answerProblem(c, REFUSAL_STATUS[asked.error.code], asked.error.code, asked.error.message);
  });

  app.openapi(resumeRoute, async (c) => {
    const taken = await service.resume(c.req.valid('param').runId as RunId);
    if (taken.ok) return c.body(null, 202);
    return answerProblem(c, REFUSAL_STATUS[taken.error.code], taken.error.code, taken.error.message);
  });

  app.openapi(bodyRoute, async (c) => {
    const text = await runs.findBody(c.req.valid('param').sha256);
    if (text === undefined) return answerProblem(c, 404, 'body_unknown', 'There is no such value.');
    // It never changes, and is not to be kept all the same: outputs hold personal data.
    c.header('cache-control', 'no-store');
    return answerJsonText(c, text);
  });
}

/** No claim has this epoch: a log opened with it reads, and every append of it is refused. */
const READER = 0;
