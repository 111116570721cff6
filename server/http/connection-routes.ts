import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { printJson } from '@/lib/json/print-json';
import { CONNECTION_LIST, DEFINITION_LIST, SET_SIMULATOR_FAULT, SIMULATOR_FAULTS } from '@/lib/protocol/api';
import type { OpenConnections } from '../runs/open-connections';
import type { Simulator } from '../simulator/simulator';
import { answerProblem, PROBLEM_ANSWER } from './problem-answer';

const ID_LENGTH_MAX = 256;

const listRoute = createRoute({
  method: 'get',
  path: '/api/connections',
  summary: 'How this server can reach CXone; no secrets',
  responses: {
    200: { description: 'The connections.', content: { 'application/json': { schema: CONNECTION_LIST } } },
    default: PROBLEM_ANSWER,
  },
});

const definitionsRoute = createRoute({
  method: 'get',
  path: '/api/connections/{connectionId}/definitions',
  summary: 'The definitions that a connection offers, or why there is no list',
  request: { params: z.object({ connectionId: z.string().max(ID_LENGTH_MAX) }) },
  responses: {
    200: { description: 'The definitions.', content: { 'application/json': { schema: DEFINITION_LIST } } },
    default: PROBLEM_ANSWER,
  },
});

const faultsRoute = createRoute({
  method: 'get',
  path: '/api/simulator/faults',
  summary: 'What the simulator does wrong, by definition',
  responses: {
    200: { description: 'The faults in force.', content: { 'application/json': { schema: SIMULATOR_FAULTS } } },
    default: PROBLEM_ANSWER,
  },
});

const setFaultRoute = createRoute({
  method: 'put',
  path: '/api/simulator/faults/{definitionId}',
  summary: 'Make the simulator fail for one definition; null heals it',
  request: {
    params: z.object({ definitionId: z.string().min(1).max(ID_LENGTH_MAX) }),
    body: { required: true, content: { 'application/json': { schema: SET_SIMULATOR_FAULT } } },
  },
  responses: { 204: { description: 'In force from the next call on.' }, default: PROBLEM_ANSWER },
});

export interface ConnectionRoutesDeps {
  readonly connections: OpenConnections;
  readonly simulator: Pick<Simulator, 'setFault' | 'faults'>;
}

/** Connections without their secrets, the palette's definitions, and the simulator's faults. */
export function registerConnectionRoutes(app: OpenAPIHono, { connections, simulator }: ConnectionRoutesDeps): void {
  app.openapi(listRoute, (c) => {
    const defaultId = connections.find(null)?.facts.id;
    const list = connections.list().map(({ facts: { id, name, purpose, profile, baseUrl } }) => ({
      id,
      name,
      purpose,
      profile,
      baseUrl,
      isDefault: id === defaultId,
    }));
    return c.json({ connections: list }, 200);
  });

  app.openapi(definitionsRoute, async (c) => {
    const connection = connections.find(c.req.valid('param').connectionId);
    if (connection === undefined) return answerProblem(c, 404, 'connection_unknown', 'There is no such connection.');
    const listed = await connection.client.listDefinitions(c.req.raw.signal);
    if (!listed.ok) return c.json({ state: 'unavailable' as const, reason: listed.error.reason }, 200);
    const definitions = listed.value.map(({ id, name, description, inputSchema, outputSchema, effect }) => ({
      id,
      name,
      description,
      inputSchemaText: inputSchema === null ? null : printJson(inputSchema),
      outputSchemaText: outputSchema === null ? null : printJson(outputSchema),
      effect,
    }));
    return c.json({ state: 'available' as const, definitions }, 200);
  });

  app.openapi(faultsRoute, (c) => c.json({ faults: Object.fromEntries(simulator.faults()) }, 200));

  app.openapi(setFaultRoute, (c) => {
    simulator.setFault(c.req.valid('param').definitionId, c.req.valid('json').fault);
    return c.body(null, 204);
  });
}
