import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createReader, listRejections, quote, type Rejection, withPlaces } from '@/lib/chain/rejection';
import { type Definition, isLocalId } from '@/lib/definition/definition';
import { parseDefinitions, printDefinitions } from '@/lib/definition/definitions-snapshot';
import { parseJson } from '@/lib/json/parse-json';
import { IMPORTED_DEFINITIONS } from '@/lib/protocol/api';
import { err, type Result } from '@/lib/result';
import { DEFINITIONS_LIMITS, type DefinitionQueries } from '../store/definition-queries';
import { answerProblem, PROBLEM_ANSWER, rejectionsToProblems } from './problem-answer';

/** Of ids and names, in UTF-16 units; ids stand in paths of the API. */
const TEXT_LENGTH_MAX = 256;

const LISTED = {
  description: 'All imported definitions, by name.',
  content: { 'application/json': { schema: IMPORTED_DEFINITIONS } },
} as const;

const listRoute = createRoute({
  method: 'get',
  path: '/api/definitions',
  summary: 'Definitions that were imported from files',
  responses: { 200: LISTED, default: PROBLEM_ANSWER },
});

const addRoute = createRoute({
  method: 'post',
  path: '/api/definitions',
  summary: 'Add imported definitions, all or none',
  description:
    'Ids begin with local:. A definition whose name is there replaces that one and keeps its id; another name for a taken id gets an id of its own.',
  request: { body: { required: true, content: { 'application/json': { schema: IMPORTED_DEFINITIONS } } } },
  responses: { 200: LISTED, default: PROBLEM_ANSWER },
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/api/definitions/{definitionId}',
  summary: 'Remove an imported definition; chains that name it stay as they are',
  request: { params: z.object({ definitionId: z.string().min(1).max(TEXT_LENGTH_MAX) }) },
  responses: { 204: { description: 'Removed.' }, default: PROBLEM_ANSWER },
});

export interface DefinitionRoutesDeps {
  readonly definitions: DefinitionQueries;
}

/** Imported definitions, as one snapshot each way. */
export function registerDefinitionRoutes(app: OpenAPIHono, { definitions }: DefinitionRoutesDeps): void {
  app.openapi(listRoute, async (c) => c.json({ definitionsText: printDefinitions(await definitions.list()) }, 200));

  app.openapi(addRoute, async (c) => {
    const read = readDefinitions(c.req.valid('json').definitionsText);
    const added = read.ok ? await definitions.add(read.value) : read;
    if (added.ok) return c.json({ definitionsText: printDefinitions(added.value) }, 200);
    const problems = rejectionsToProblems(added.error);
    return answerProblem(c, 422, 'definitions_refused', REFUSED, problems);
  });

  app.openapi(removeRoute, async (c) => {
    const isRemoved = await definitions.remove(c.req.valid('param').definitionId);
    if (isRemoved) return c.body(null, 204);
    return answerProblem(c, 404, 'definition_unknown', 'There is no such imported definition.');
  });
}

const REFUSED = 'The definitions are not accepted, and nothing was stored; every reason is in the list.';

function readDefinitions(text: string): Result<readonly Definition[], readonly Rejection[]> {
  const json = parseJson(text, DEFINITIONS_LIMITS);
  if (!json.ok) return err([json.error]);
  const read = parseDefinitions(json.value);
  const rejections = read.ok ? findUnfitNames(read.value) : read.error;
  return read.ok && rejections.length === 0 ? read : err(withPlaces(listRejections(rejections), text));
}

/** What a snapshot may hold and an imported definition may not. */
function findUnfitNames(definitions: readonly Definition[]): readonly Rejection[] {
  const { rejections, reject } = createReader();
  definitions.forEach(({ id, name }, index) => {
    const [idPath, namePath] = [
      ['definitions', index, 'id'],
      ['definitions', index, 'name'],
    ] as const;
    if (!isLocalId(id)) {
      const words = 'Ids of imported definitions begin with local:, as those of definition files do.';
      reject(
        'schema',
        idPath,
        `${quote(id)} looks like the id of a tenant, whose definitions the connection itself offers. ${words}`,
      );
    } else if (/[\p{Cc}\p{Cs}]/u.test(id)) {
      reject('schema', idPath, `${quote(id)} holds a control character or half a character; an id cannot.`);
    }
    for (const [key, value, path] of [
      ['id', id, idPath],
      ['name', name, namePath],
    ] as const) {
      if (value.length <= TEXT_LENGTH_MAX) continue;
      reject('limit', path, `${key} has ${value.length} characters; at most ${TEXT_LENGTH_MAX} are accepted.`);
    }
  });
  return rejections;
}
