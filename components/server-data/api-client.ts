import type { z } from 'zod';
import {
  CHAIN_LIST,
  CHAIN_SAVED,
  CONNECTION_LIST,
  CONNECTION_MAP,
  DEFINITION_LIST,
  IMPORTED_DEFINITIONS,
  RUN_EVENTS,
  RUN_LIST,
  RUN_STARTED,
  type RunSummary,
  SAVED_CHAIN,
  type SavedChain,
  SECRET_NAMES,
  type StartRun,
} from '@/lib/protocol/api';
import { HTTP_PROBLEM, type HttpProblem } from '@/lib/protocol/http-problem';
import { err, ok, type Result } from '@/lib/result';

/** Why a request gave nothing. `unreachable` is the network's word, the others the server's. */
export type ApiFailure =
  | { readonly type: 'unreachable'; readonly message: string }
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly message: string;
      readonly problem: HttpProblem | null;
    };

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

async function send(path: string, request: Request): Promise<Result<Response, ApiFailure>> {
  try {
    const response = await fetch(path, {
      method: request.method ?? 'GET',
      ...(request.body === undefined
        ? {}
        : { body: JSON.stringify(request.body), headers: { 'content-type': 'application/json' } }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    if (response.ok) return ok(response);
    const problem = HTTP_PROBLEM.safeParse(await response.json().catch(() => null));
    return err({
      type: 'refused',
      status: response.status,
      message: problem.success ? problem.data.detail : `The server answered ${response.status}.`,
      problem: problem.success ? problem.data : null,
    });
  } catch {
    return err({ type: 'unreachable', message: 'The Chainwright server cannot be reached. Is it still running?' });
  }
}

async function ask<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  request: Request = {},
): Promise<Result<z.infer<Schema>, ApiFailure>> {
  const response = await send(path, request);
  if (!response.ok) return response;
  const body: unknown = await response.value.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  return err({
    type: 'refused',
    status: response.value.status,
    message: 'The server answered in a form this page does not know. Reload the page: it may be of another version.',
    problem: null,
  });
}

export const listChains = () => ask(CHAIN_LIST, '/api/chains');
export const loadChain = (chainId: string): Promise<Result<SavedChain, ApiFailure>> =>
  ask(SAVED_CHAIN, `/api/chains/${chainId}`);
export const createChain = (body: { readonly documentText: string; readonly workbenchText?: string }) =>
  ask(CHAIN_SAVED, '/api/chains', { method: 'POST', body });
export const saveChain = (
  chainId: string,
  body: { readonly revision: number; readonly documentText: string; readonly workbenchText: string },
) => ask(CHAIN_SAVED, `/api/chains/${chainId}`, { method: 'PUT', body });
export const deleteChain = (chainId: string) => send(`/api/chains/${chainId}`, { method: 'DELETE' });

export const listConnections = () => ask(CONNECTION_LIST, '/api/connections');
export const listDefinitions = (connectionId: string) =>
  ask(DEFINITION_LIST, `/api/connections/${encodeURIComponent(connectionId)}/definitions`);

const mapPath = (connectionId: string): string => `/api/connections/${encodeURIComponent(connectionId)}/map`;
export const loadConnectionMap = (connectionId: string) => ask(CONNECTION_MAP, mapPath(connectionId));
export const saveConnectionMap = (connectionId: string, mapText: string) =>
  send(mapPath(connectionId), { method: 'PUT', body: { mapText } });

export const listImportedDefinitions = () => ask(IMPORTED_DEFINITIONS, '/api/definitions');
/** Adds to those that are there. */
export const addImportedDefinitions = (definitionsText: string) =>
  send('/api/definitions', { method: 'POST', body: { definitionsText } });
export const removeImportedDefinition = (definitionId: string) =>
  send(`/api/definitions/${encodeURIComponent(definitionId)}`, { method: 'DELETE' });

export const listSecretNames = () => ask(SECRET_NAMES, '/api/secrets');

export const startRun = (body: StartRun) => ask(RUN_STARTED, '/api/runs', { method: 'POST', body });
export const cancelRun = (runId: string) => send(`/api/runs/${runId}/cancel`, { method: 'POST' });
export const resumeRun = (runId: string) => send(`/api/runs/${runId}/resume`, { method: 'POST' });
export const listRuns = async (chainId: string): Promise<Result<readonly RunSummary[], ApiFailure>> => {
  const answer = await ask(RUN_LIST, `/api/runs?chainId=${chainId}`);
  return answer.ok ? ok(answer.value.runs) : answer;
};
export const pageRunEvents = (runId: string, afterSeq: number) =>
  ask(RUN_EVENTS, `/api/runs/${runId}/events?afterSeq=${afterSeq}`);

/** A recorded value that was too large for its event; JSON text. */
export async function loadBody(sha256: string): Promise<string> {
  const response = await send(`/api/bodies/${sha256}`, {});
  if (!response.ok) throw new Error(response.error.message);
  return response.value.text();
}
