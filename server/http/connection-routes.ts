import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listRejections, type Rejection, withPlaces } from '@/lib/chain/rejection';
import { type ConnectionMap, parseConnectionMap, printConnectionMap } from '@/lib/definition/connection-map';
import { parseJson } from '@/lib/json/parse-json';
import { printJson } from '@/lib/json/print-json';
import {
  CONNECTION_LIST,
  CONNECTION_MAP,
  DEFINITION_LIST,
  SECRET_NAMES,
  SET_SIMULATOR_FAULT,
  SIMULATOR_FAULTS,
} from '@/lib/protocol/api';
import { err, ok, type Result } from '@/lib/result';
import type { OpenConnections } from '../runs/open-connections';
import type { Simulator } from '../simulator/simulator';
import type { MapQueries } from '../store/map-queries';
import { answerProblem, PROBLEM_ANSWER, rejectionsToProblems } from './problem-answer';

const ID_LENGTH_MAX = 256;
const CONNECTION_PARAMS = z.object({ connectionId: z.string().max(ID_LENGTH_MAX) });

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
  request: { params: CONNECTION_PARAMS },
  responses: {
    200: { description: 'The definitions.', content: { 'application/json': { schema: DEFINITION_LIST } } },
    default: PROBLEM_ANSWER,
  },
});

const mapRoute = createRoute({
  method: 'get',
  path: '/api/connections/{connectionId}/map',
  summary: 'Which definitions of the connection stand for ids in documents',
  request: { params: CONNECTION_PARAMS },
  responses: {
    200: {
      description: 'The map; without entries when none was saved.',
      content: { 'application/json': { schema: CONNECTION_MAP } },
    },
    default: PROBLEM_ANSWER,
  },
});

const saveMapRoute = createRoute({
  method: 'put',
  path: '/api/connections/{connectionId}/map',
  summary: 'Replace the whole map of the connection; runs that are under way keep theirs',
  request: {
    params: CONNECTION_PARAMS,
    body: { required: true, content: { 'application/json': { schema: CONNECTION_MAP } } },
  },
  responses: { 204: { description: 'In force for runs from now on.' }, default: PROBLEM_ANSWER },
});

const secretsRoute = createRoute({
  method: 'get',
  path: '/api/secrets',
  summary: 'Names that secret_ref can resolve here; never values',
  responses: {
    200: {
      description: 'The names, in alphabetical order.',
      content: { 'application/json': { schema: SECRET_NAMES } },
    },
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
  readonly maps: MapQueries;
  readonly secretNames: readonly string[];
  readonly simulator: Pick<Simulator, 'setFault' | 'faults'>;
}

/** Connections without their secrets, the palette's definitions, maps of ids, and the simulator's faults. */
export function registerConnectionRoutes(app: OpenAPIHono, deps: ConnectionRoutesDeps): void {
  const { connections, maps, secretNames, simulator } = deps;
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
    if (connection === undefined) return answerProblem(c, 404, ...UNKNOWN_CONNECTION);
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

  app.openapi(mapRoute, async (c) => {
    const connection = connections.find(c.req.valid('param').connectionId);
    if (connection === undefined) return answerProblem(c, 404, ...UNKNOWN_CONNECTION);
    return c.json({ mapText: printConnectionMap(await maps.find(connection.facts.id)) }, 200);
  });

  app.openapi(saveMapRoute, async (c) => {
    const connection = connections.find(c.req.valid('param').connectionId);
    if (connection === undefined) return answerProblem(c, 404, ...UNKNOWN_CONNECTION);
    if (connection.facts.purpose === 'simulator') {
      const detail =
        'The simulator answers every id as it stands, so a map would change nothing. Map a tenant’s connection.';
      return answerProblem(c, 409, 'map_not_needed', detail);
    }
    const map = readMap(c.req.valid('json').mapText);
    if (!map.ok) {
      const detail = 'The map is not accepted, and the old one stands; every reason is in the list.';
      return answerProblem(c, 422, 'map_refused', detail, rejectionsToProblems(map.error));
    }
    await maps.save(connection.facts.id, map.value);
    return c.body(null, 204);
  });

  app.openapi(secretsRoute, (c) => c.json({ names: [...secretNames] }, 200));

  app.openapi(faultsRoute, (c) => c.json({ faults: Object.fromEntries(simulator.faults()) }, 200));

  app.openapi(setFaultRoute, (c) => {
    simulator.setFault(c.req.valid('param').definitionId, c.req.valid('json').fault);
    return c.body(null, 204);
  });
}

const UNKNOWN_CONNECTION = ['connection_unknown', 'There is no such connection.'] as const;

function readMap(text: string): Result<ConnectionMap, readonly Rejection[]> {
  const json = parseJson(text);
  if (!json.ok) return err([json.error]);
  const read = parseConnectionMap(json.value);
  return read.ok ? ok(read.value.map) : err(withPlaces(listRejections(read.error), text));
}
