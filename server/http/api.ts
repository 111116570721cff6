import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { formatPointer, type PathSegment } from '@/lib/json/pointer';
import { HEALTH } from '@/lib/protocol/api';
import type { Log } from '../observe/log';
import type { ChainQueries } from '../store/chain-queries';
import { registerChainRoutes } from './chain-routes';
import { type ConnectionRoutesDeps, registerConnectionRoutes } from './connection-routes';
import { type DefinitionRoutesDeps, registerDefinitionRoutes } from './definition-routes';
import { API_POLICY, SECURITY_HEADERS } from './guard';
import { limitBody } from './limit-body';
import { answerProblem, PROBLEM_ANSWER } from './problem-answer';
import { type RunRoutesDeps, registerRunRoutes } from './run-routes';

export interface ApiDeps extends RunRoutesDeps, ConnectionRoutesDeps, DefinitionRoutesDeps {
  readonly chains: ChainQueries;
  readonly version: string;
  /** Whether the server takes work; false while it stops. */
  readonly isReady: () => boolean;
  readonly newIncidentId: () => string;
  readonly log: Log;
}

const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;
const BODY_BYTES_MAX = 1024 * 1024;

/** Where a document and its workbench travel, or the definitions of a whole tenant. */
const takesDocument = (path: string): boolean =>
  path === '/api/runs' || path === '/api/definitions' || /^\/api\/chains(\/[^/]+)?$/.test(path);

const healthRoute = createRoute({
  method: 'get',
  path: '/api/health',
  summary: 'Whether the process lives',
  responses: {
    200: { description: 'It does.', content: { 'application/json': { schema: HEALTH } } },
    default: PROBLEM_ANSWER,
  },
});
const readyRoute = createRoute({
  method: 'get',
  path: '/api/ready',
  summary: 'Whether the process takes work',
  responses: {
    200: { description: 'It does.', content: { 'application/json': { schema: HEALTH } } },
    default: PROBLEM_ANSWER,
  },
});

/**
 * The HTTP API: every route over the schemas of `lib/protocol`, described by itself at `/api/openapi.json`. Whatever goes
 * wrong is a problem document; a defect is logged under an incident id and told by nothing else.
 */
export function createApi(deps: ApiDeps): OpenAPIHono {
  const { log, version } = deps;
  const app = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const problems = result.error.issues.map(({ message, path }) => ({
        code: 'schema',
        severity: 'error' as const,
        message,
        path: formatPointer(path.filter((segment): segment is PathSegment => typeof segment !== 'symbol')),
      }));
      const where = { json: 'body', param: 'path', query: 'query' }[result.target as string] ?? 'request';
      return answerProblem(c, 400, 'request_refused', `The ${where} is not as this route expects it.`, problems);
    },
  });

  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
    c.header('content-security-policy', API_POLICY);
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
  app.use(limitBody((path) => (takesDocument(path) ? DOCUMENT_BYTES_MAX : BODY_BYTES_MAX)));

  app.openapi(healthRoute, (c) => c.json({ status: 'ok' as const, version }, 200));
  app.openapi(readyRoute, (c) =>
    deps.isReady()
      ? c.json({ status: 'ok' as const, version }, 200)
      : answerProblem(c, 503, 'stopping', 'The server is stopping.'),
  );
  registerChainRoutes(app, deps.chains);
  registerRunRoutes(app, deps);
  registerConnectionRoutes(app, deps);
  registerDefinitionRoutes(app, deps);
  app.doc31('/api/openapi.json', { openapi: '3.1.0', info: { title: 'Chainwright', version } });

  app.notFound((c) => answerProblem(c, 404, 'route_unknown', 'There is no such route; see /api/openapi.json.'));
  app.onError((error, c) => {
    if (error instanceof HTTPException) {
      if (error.status === 415) {
        return answerProblem(
          c,
          415,
          'content_type_refused',
          'This route takes JSON: send content-type application/json.',
        );
      }
      if (error.status < 500)
        return answerProblem(c, 400, 'request_refused', 'The body is not the JSON it claims to be.');
    }
    const incidentId = deps.newIncidentId();
    log.error({ incidentId, path: c.req.path, method: c.req.method, error }, 'request failed');
    return answerProblem(c, 500, 'internal', `Chainwright failed by its own fault (incident ${incidentId}).`);
  });
  return app;
}
