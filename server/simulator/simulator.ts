import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { clipText } from '@/lib/clip-text';
import type { Definition } from '@/lib/definition/definition';
import { parseJson } from '@/lib/json/parse-json';
import { printCompactJson, sha256Hex } from '@/lib/json/print-json';
import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/json/value';
import type { SimulatorFault } from '@/lib/protocol/api';
import { assertNever, err, ok, type Result } from '@/lib/result';
import { checkValue } from '@/lib/schema/json-schema';
import { systemClock } from '@/server/clock';
import { createChance } from './chance';
import { SIMULATED_DEFINITIONS } from './definitions';
import { createFaults } from './faults';
import { simulateImported } from './imported-definition';
import { type Output, type SimulatedDefinition, toOutput } from './simulated-definition';

export interface SimulatorOptions {
  /** 0 (default) takes any free port. */
  readonly port?: number;
  /** Other seeds give other customers, orders and records. Default `chainwright`. */
  readonly seed?: string;
  /** The longest a call takes, in milliseconds; every definition keeps its share of it. Default 600; 0 answers at once. */
  readonly latencyMs?: number;
  /**
   * Definitions that are answered too, with data made from their output schemas; asked for at each call, so that one that
   * was imported meanwhile is known. The simulator's own list does not name them, and its own ids come first.
   */
  readonly definitions?: () => readonly Definition[];
}

export interface Simulator {
  /** Such as `http://127.0.0.1:41234`, without a slash at the end. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What goes wrong from the next call of the definition on; null heals it. */
  readonly setFault: (definitionId: string, fault: SimulatorFault | null) => void;
  /** The faults in force by definition id, with what is left of `times`. */
  readonly faults: () => ReadonlyMap<string, SimulatorFault>;
  /** Ends every connection at once, and frees the port. */
  readonly close: () => Promise<void>;
}

/** Any id and secret would do on loopback; these are long enough to be redacted as a tenant's would be. */
const CLIENT_ID = 'simulator-client';
const CLIENT_SECRET = 'simulator-secret';

/** The longest latency that a definition names; the option `latencyMs` scales against it. */
const LATENCY_MS_MAX = 600;
const TOKEN_LIFE_SEC = 3600;
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;
/** Finished executions that can still be asked for; the oldest are forgotten first. */
const EXECUTIONS_MAX = 1000;

const API = '/api/v2/dataactions';

interface Execution {
  readonly definitionId: string;
  readonly readyAtMs: number;
  readonly output: JsonValue;
}

/** What a route answers; written in one place. */
interface Reply {
  readonly status: number;
  readonly body: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Starts a CXone tenant's twin on loopback: OAuth client credentials, definitions with schemas, executions, and faults
 * on demand. Outputs depend on nothing but seed, definition and inputs.
 *
 * It speaks HTTP for real, so the client that reaches it is the one that reaches a tenant. Rejects when the port is taken.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, seed = 'chainwright', latencyMs = LATENCY_MS_MAX, definitions = () => [] } = options;
  const definitionById = new Map(SIMULATED_DEFINITIONS.map((definition) => [definition.id, definition]));
  const faults = createFaults();
  const tokenExpiryMs = new Map<string, number>();
  const executionById = new Map<string, Execution>();

  function findDefinition(id: string): SimulatedDefinition | undefined {
    const own = definitionById.get(id);
    if (own !== undefined) return own;
    const imported = definitions().find((definition) => definition.id === id);
    return imported === undefined ? undefined : simulateImported(imported);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A reader that went away is its own affair; anything else is our bug, and the caller must see a failure.
      if (response.destroyed) return;
      if (response.headersSent) response.destroy();
      else send(response, problem(500, 'internal', error instanceof Error ? error.message : 'The simulator failed.'));
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://simulator').pathname;
    if (path === '/oauth/token') {
      if (request.method !== 'POST') return send(response, methodNotAllowed('POST'));
      return send(response, mintToken(await readText(request)));
    }
    if (!path.startsWith(`${API}/`)) return send(response, problem(404, 'not_found', 'There is no such path.'));
    if (!isAuthorised(request)) {
      return send(response, problem(401, 'invalid_token', 'The access token is missing, unknown or expired.'));
    }

    const [collection, encodedId, ...rest] = path.slice(API.length + 1).split('/');
    const id = encodedId === undefined ? undefined : safeDecode(encodedId);
    if (rest.length > 0) return send(response, problem(404, 'not_found', 'There is no such path.'));
    if (collection === 'definitions') {
      if (request.method !== 'GET') return send(response, methodNotAllowed('GET'));
      return send(response, id === undefined ? listDefinitions() : describeDefinition(id));
    }
    if (collection === 'executions' && id !== undefined) {
      if (request.method !== 'GET') return send(response, methodNotAllowed('GET'));
      return send(response, describeExecution(id));
    }
    if (collection === 'executions') {
      if (request.method !== 'POST') return send(response, methodNotAllowed('POST'));
      return execute(request, response);
    }
    return send(response, problem(404, 'not_found', 'There is no such path.'));
  }

  function mintToken(form: string): Reply {
    const fields = new URLSearchParams(form);
    if (fields.get('grant_type') !== 'client_credentials') {
      return oauthError(400, 'unsupported_grant_type', 'Only client_credentials is supported.');
    }
    if (!isSame(fields.get('client_id'), CLIENT_ID) || !isSame(fields.get('client_secret'), CLIENT_SECRET)) {
      return oauthError(401, 'invalid_client', 'The client id or the client secret is wrong.');
    }
    const nowMs = systemClock.monotonicMs();
    for (const [token, expiryMs] of tokenExpiryMs) if (expiryMs <= nowMs) tokenExpiryMs.delete(token);
    const token = randomBytes(24).toString('base64url');
    tokenExpiryMs.set(token, nowMs + TOKEN_LIFE_SEC * 1000);
    const body = { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFE_SEC };
    return { status: 200, body: toOutput(body), headers: { 'cache-control': 'no-store' } };
  }

  function isAuthorised(request: IncomingMessage): boolean {
    const token = tokenOf(request);
    const expiryMs = token === undefined ? undefined : tokenExpiryMs.get(token);
    return expiryMs !== undefined && expiryMs > systemClock.monotonicMs();
  }

  const listDefinitions = (): Reply => ({
    status: 200,
    body: new Map<string, JsonValue>([
      ['definitions', [...definitionById.values()].map(toEntry)],
      ['next', null],
    ]),
  });

  function describeDefinition(id: string): Reply {
    const definition = findDefinition(id);
    return definition === undefined ? unknownDefinition(id) : { status: 200, body: toEntry(definition) };
  }

  function describeExecution(id: string): Reply {
    const execution = executionById.get(id);
    if (execution === undefined) return problem(404, 'not_found', `There is no execution ${quote(id)}.`);
    if (execution.readyAtMs > systemClock.monotonicMs()) {
      return { status: 200, body: envelope(id, execution.definitionId, 'running') };
    }
    return { status: 200, body: envelope(id, execution.definitionId, 'completed', execution.output) };
  }

  async function execute(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = readExecutionRequest(await readText(request));
    if (!read.ok) return send(response, problem(400, 'bad_request', read.error));
    const { definitionId, inputs } = read.value;
    const definition = findDefinition(definitionId);
    if (definition === undefined) return send(response, unknownDefinition(definitionId));

    const fault = faults.take(definitionId);
    if (fault !== null && fault.type !== 'slow') return misbehave(fault, definitionId, request, response);

    const wrong = checkValue(definition.inputSchema, inputs);
    if (wrong.length > 0) {
      const words = wrong.map(({ path, message }) => `${path === '' ? 'inputs' : `inputs${path}`}: ${message}`);
      return send(response, problem(400, 'invalid_inputs', `The inputs do not fit the definition. ${words.join(' ')}`));
    }

    const chance = createChance(seed, definitionId, printCompactJson(inputs));
    const [least, most] = definition.latencyMs;
    const tookMs = (chance.whole(least, most) * latencyMs) / LATENCY_MS_MAX;
    const output = definition.answer({ inputs, chance, seed });
    if (output === undefined) {
      const words = `The simulator found no data that the output schema of ${quote(definition.name)} allows. Pin an output, or run up to another action.`;
      return send(response, failure(definitionId, 'no_output', words));
    }
    const id = randomUUID();

    if (definition.isDeferred) {
      remember(id, { definitionId, readyAtMs: systemClock.monotonicMs() + tookMs, output });
      return send(response, { status: 202, body: envelope(id, definitionId, 'running') });
    }
    if (!(await waited(tookMs, response))) return;
    remember(id, { definitionId, readyAtMs: 0, output });
    const reply: Reply = { status: 200, body: envelope(id, definitionId, 'completed', output) };
    if (fault === null) send(response, reply);
    else await sendSlowly(response, reply, fault.delayMs);
  }

  function remember(id: string, execution: Execution): void {
    executionById.set(id, execution);
    const oldest = executionById.keys().next().value;
    if (executionById.size > EXECUTIONS_MAX && oldest !== undefined) executionById.delete(oldest);
  }

  async function misbehave(
    fault: Exclude<SimulatorFault, { type: 'slow' }>,
    definitionId: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    switch (fault.type) {
      case 'status': {
        const reply = problem(fault.status, 'simulated_fault', `The simulator was told to answer ${fault.status}.`);
        const { retryAfterSec } = fault;
        if (retryAfterSec === undefined) return send(response, reply);
        return send(response, { ...reply, headers: { 'retry-after': String(retryAfterSec) } });
      }
      case 'reset':
        request.socket.resetAndDestroy();
        return;
      case 'malformed':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"id": "5f0c", "status": "completed", "output": {"customer_id": "CUST-');
        return;
      case 'failed-envelope':
        return send(response, failure(definitionId, 'action_failed', fault.message));
      case 'expired-token': {
        const token = tokenOf(request);
        if (token !== undefined) tokenExpiryMs.delete(token);
        return send(response, problem(401, 'invalid_token', 'The access token has expired.'));
      }
      case 'huge':
        response.writeHead(200, { 'content-type': 'application/json' });
        await pipeline(Readable.from(hugeBody(definitionId, fault.sizeBytes)), response);
        return;
      default:
        assertNever(fault);
    }
  }

  await listen(server, port);
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    setFault: faults.set,
    faults: faults.list,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function readExecutionRequest(
  body: string,
): Result<{ readonly definitionId: string; readonly inputs: JsonObject }, string> {
  const parsed = parseJson(body);
  if (!parsed.ok) return err(`The body is not JSON: ${parsed.error.message}`);
  if (!isJsonObject(parsed.value)) return err('The body must be an object with definition_id and inputs.');
  const definitionId = parsed.value.get('definition_id');
  if (typeof definitionId !== 'string') return err('definition_id must be a text.');
  const inputs = parsed.value.get('inputs') ?? (new Map() as JsonObject);
  if (!isJsonObject(inputs)) return err('inputs must be an object.');
  return ok({ definitionId, inputs });
}

function envelope(id: string, definitionId: string, status: string, output?: JsonValue): Map<string, JsonValue> {
  const body = new Map<string, JsonValue>([
    ['id', id],
    ['definition_id', definitionId],
    ['status', status],
  ]);
  if (output !== undefined) body.set('output', output);
  return body;
}

/** An execution that ran and failed. */
function failure(definitionId: string, code: string, message: string): Reply {
  const body = envelope(randomUUID(), definitionId, 'failed', null);
  body.set('error', toOutput({ code, message }));
  return { status: 200, body };
}

const toEntry = (definition: SimulatedDefinition): JsonValue =>
  new Map<string, JsonValue>([
    ['id', definition.id],
    ['name', definition.name],
    ['description', definition.description],
    ['effect', definition.effect],
    ['input_schema', definition.inputSchema],
    ['output_schema', definition.outputSchema],
  ]);

function problem(status: number, code: string, message: string): Reply {
  const body: Output = { status, code, message };
  return { status, body: toOutput(body) };
}

const oauthError = (status: number, error: string, description: string): Reply => ({
  status,
  body: toOutput({ error, error_description: description }),
});

const unknownDefinition = (id: string): Reply =>
  problem(404, 'not_found', `There is no data action definition ${quote(id)}.`);

const methodNotAllowed = (allowed: string): Reply => ({
  ...problem(405, 'method_not_allowed', `Use ${allowed} here.`),
  headers: { allow: allowed },
});

const quote = (id: string): string => JSON.stringify(clipText(id, 80));

function send(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(printCompactJson(body));
}

/** Half of the body at once, the rest after the delay: only a timeout that covers the body notices. */
async function sendSlowly(response: ServerResponse, { status, body }: Reply, delayMs: number): Promise<void> {
  const bytes = Buffer.from(printCompactJson(body));
  const half = Math.floor(bytes.length / 2);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length });
  response.write(bytes.subarray(0, half));
  if (await waited(delayMs, response)) response.end(bytes.subarray(half));
}

/** Waits, and tells whether anybody still listens. */
async function waited(ms: number, response: ServerResponse): Promise<boolean> {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  response.once('close', onClose);
  await systemClock.sleep(ms, gone.signal);
  response.off('close', onClose);
  return !gone.signal.aborted;
}

function* hugeBody(definitionId: string, sizeBytes: number): Generator<string> {
  const start = `{"id":"${sha256Hex(definitionId).slice(0, 8)}","definition_id":${JSON.stringify(definitionId)},"status":"completed","output":{"padding":"`;
  yield start;
  const chunk = 'x'.repeat(64 * 1024);
  for (let left = sizeBytes; left > 0; left -= chunk.length) yield chunk.slice(0, left);
  yield '"}}';
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > REQUEST_BYTES_MAX) throw new Error('The request is larger than 16 MB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const tokenOf = (request: IncomingMessage): string | undefined =>
  /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

/** Undecodable text stands for itself and so is found nowhere. */
function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isSame(given: string | null, expected: string): boolean {
  const [a, b] = [Buffer.from(sha256Hex(given ?? '')), Buffer.from(sha256Hex(expected))];
  return timingSafeEqual(a, b);
}
