import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { parseChainText } from '@/lib/chain/parse-chain';
import { printChain } from '@/lib/chain/print-chain';
import type { Rejection } from '@/lib/chain/rejection';
import { type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { printConnectionMap } from '@/lib/definition/connection-map';
import { printDefinitions } from '@/lib/definition/definitions-snapshot';
import { adviseEdges } from '@/lib/edit/edge-advice';
import { type Imported, importBytes } from '@/lib/exchange/import-chain';
import { printSidecar } from '@/lib/exchange/sidecar';
import { parseWorkbench, printWorkbench } from '@/lib/exchange/workbench-text';
import type { Problem } from '@/lib/problems/problem';
import { CHAIN_ID, CHAIN_LIST, CHAIN_SAVED, IMPORTED, NEW_CHAIN, SAVE_CHAIN, SAVED_CHAIN } from '@/lib/protocol/api';
import { assertNever, type Result } from '@/lib/result';
import type { ChainQueries } from '../store/chain-queries';
import { answerProblem, PROBLEM_ANSWER, rejectionsToProblems } from './problem-answer';

const CHAIN_PARAMS = z.object({ chainId: CHAIN_ID });
const FILE_NAME_MAX = 255;

const listRoute = createRoute({
  method: 'get',
  path: '/api/chains',
  summary: 'Saved chains, latest save first',
  responses: {
    200: { description: 'The chains.', content: { 'application/json': { schema: CHAIN_LIST } } },
    default: PROBLEM_ANSWER,
  },
});

const createChainRoute = createRoute({
  method: 'post',
  path: '/api/chains',
  summary: 'Save a new chain',
  request: { body: { required: true, content: { 'application/json': { schema: NEW_CHAIN } } } },
  responses: {
    201: { description: 'Saved as revision 1.', content: { 'application/json': { schema: CHAIN_SAVED } } },
    default: PROBLEM_ANSWER,
  },
});

const importRoute = createRoute({
  method: 'post',
  path: '/api/chains/import',
  summary: 'Read any file that can be imported, and say what it is; nothing is stored',
  description: 'The body is the file itself, in UTF-8, whatever its content type says.',
  request: {
    query: z.object({ fileName: z.string().max(FILE_NAME_MAX).optional() }),
    body: { required: true, content: { 'text/plain': { schema: z.string() } } },
  },
  responses: {
    200: { description: 'What was read.', content: { 'application/json': { schema: IMPORTED } } },
    default: PROBLEM_ANSWER,
  },
});

const loadRoute = createRoute({
  method: 'get',
  path: '/api/chains/{chainId}',
  summary: 'One chain and what lies beside it',
  request: { params: CHAIN_PARAMS },
  responses: {
    200: { description: 'The chain.', content: { 'application/json': { schema: SAVED_CHAIN } } },
    default: PROBLEM_ANSWER,
  },
});

const saveRoute = createRoute({
  method: 'put',
  path: '/api/chains/{chainId}',
  summary: 'Save over the revision that was read; 409 when another save came first',
  request: {
    params: CHAIN_PARAMS,
    body: { required: true, content: { 'application/json': { schema: SAVE_CHAIN } } },
  },
  responses: {
    200: { description: 'Saved.', content: { 'application/json': { schema: CHAIN_SAVED } } },
    default: PROBLEM_ANSWER,
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/chains/{chainId}',
  summary: 'Delete a chain; its runs stay',
  request: { params: CHAIN_PARAMS },
  responses: { 204: { description: 'Deleted.' }, default: PROBLEM_ANSWER },
});

const UNKNOWN_CHAIN = ['chain_unknown', 'There is no such chain.'] as const;

/** Reading and saving chains. Text is accepted by `lib/` alone and stored in canonical form. */
export function registerChainRoutes(app: OpenAPIHono, chains: ChainQueries): void {
  app.openapi(listRoute, async (c) => c.json({ chains: [...(await chains.list())] }, 200));

  app.openapi(createChainRoute, async (c) => {
    const { documentText, workbenchText } = c.req.valid('json');
    const workbench = readWorkbench(documentText, workbenchText);
    if (!workbench.ok) {
      return answerProblem(c, 422, 'document_refused', REFUSED, rejectionsToProblems(workbench.error));
    }
    const { chainId, revision, chainHash } = await chains.create(workbench.value);
    return c.json({ chainId, revision, chainHash }, 201, { location: `/api/chains/${chainId}` });
  });

  app.openapi(importRoute, async (c) => {
    // Never as text: that would repair what is no UTF-8, and another document than the file would be read.
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const imported = importBytes(bytes, c.req.valid('query').fileName);
    return imported.ok
      ? c.json(printImported(imported.value), 200)
      : answerProblem(c, 422, 'document_refused', REFUSED, rejectionsToProblems(imported.error));
  });

  app.openapi(loadRoute, async (c) => {
    const saved = await chains.find(c.req.valid('param').chainId);
    return saved === undefined ? answerProblem(c, 404, ...UNKNOWN_CHAIN) : c.json(saved, 200);
  });

  app.openapi(saveRoute, async (c) => {
    const { revision, documentText, workbenchText } = c.req.valid('json');
    const workbench = readWorkbench(documentText, workbenchText);
    if (!workbench.ok) {
      return answerProblem(c, 422, 'document_refused', REFUSED, rejectionsToProblems(workbench.error));
    }
    const outcome = await chains.save(c.req.valid('param').chainId, revision, workbench.value);
    if (outcome.type === 'missing') return answerProblem(c, 404, ...UNKNOWN_CHAIN);
    if (outcome.type === 'conflict') {
      const detail = `Revision ${outcome.revision} was saved meanwhile, and this save was made from ${revision}.`;
      return answerProblem(c, 409, 'revision_conflict', detail);
    }
    return c.json({ chainId: outcome.chainId, revision: outcome.revision, chainHash: outcome.chainHash }, 200);
  });

  app.openapi(deleteRoute, async (c) => {
    const isDeleted = await chains.remove(c.req.valid('param').chainId);
    return isDeleted ? c.body(null, 204) : answerProblem(c, 404, ...UNKNOWN_CHAIN);
  });
}

function printImported(imported: Imported): z.input<typeof IMPORTED> {
  switch (imported.kind) {
    case 'chain':
    case 'mapping': {
      const { kind, workbench, problems } = imported;
      return {
        kind,
        documentText: printChain(workbench.chain),
        workbenchText: printWorkbench(workbench),
        problems: problems.map(tellProblem),
        impliedEdges: adviseEdges(workbench.chain).missing.map(({ from, to }) => ({ from, to })),
      };
    }
    case 'definitions': {
      const { kind, definitions, problems } = imported;
      return { kind, definitionsText: printDefinitions(definitions), problems: problems.map(tellProblem) };
    }
    case 'sidecar':
      return { kind: imported.kind, sidecarText: printSidecar(imported.sidecar) };
    case 'connection-map':
      return { kind: imported.kind, mapText: printConnectionMap(imported.map, imported.connection) };
    default:
      return assertNever(imported);
  }
}

const tellProblem = ({ code, severity, message, path }: Problem) => ({ code, severity, message, path });

const REFUSED = 'The text is not accepted; every reason is in the list.';

function readWorkbench(
  documentText: string,
  workbenchText: string | undefined,
): Result<Workbench, readonly Rejection[]> {
  const chain = parseChainText(documentText);
  if (!chain.ok) return chain;
  return workbenchText === undefined
    ? { ok: true, value: workbenchOf(chain.value) }
    : parseWorkbench(chain.value, workbenchText);
}
