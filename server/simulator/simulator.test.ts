import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Definition } from '@/lib/definition/definition';
import { parseTrustedJson } from '@/lib/json/parse-json';
import { findAtPath } from '@/lib/json/pointer';
import { printCompactJson } from '@/lib/json/print-json';
import {
  fromPlain,
  isJsonArray,
  isJsonObject,
  type JsonText,
  type JsonValue,
  Numeral,
  type PlainJson,
} from '@/lib/json/value';
import { checkValue, exampleOf } from '@/lib/schema/json-schema';
import { SIMULATED_DEFINITIONS } from './definitions';
import { type Simulator, startSimulator } from './simulator';

let simulator: Simulator;
let token: string;

beforeAll(async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  token = await mint(simulator);
});
afterAll(() => simulator.close());

async function askForToken(of: Simulator, fields: Record<string, string>): Promise<Response> {
  return fetch(`${of.baseUrl}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) });
}

async function mint(of: Simulator): Promise<string> {
  const fields = { grant_type: 'client_credentials', client_id: of.clientId, client_secret: of.clientSecret };
  const answer = (await (await askForToken(of, fields)).json()) as { access_token: string };
  return answer.access_token;
}

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: JsonValue;
}

async function call(path: string, body?: string, of: Simulator = simulator, bearer: string = token): Promise<Told> {
  const response = await fetch(`${of.baseUrl}/api/v2/dataactions${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${bearer}` },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text.endsWith('}');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? parseTrustedJson(text as JsonText) : null,
  };
}

const execute = (definitionId: string, inputs: string, of?: Simulator, bearer?: string): Promise<Told> =>
  call('/executions', `{"definition_id":${JSON.stringify(definitionId)},"inputs":${inputs}}`, of, bearer);

const at = (told: Told, ...path: readonly (string | number)[]): JsonValue | undefined => findAtPath(told.body, path);

describe('the token endpoint', () => {
  it.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401],
    ['a wrong client', { client_id: 'wrong' }, 401],
    ['another grant', { grant_type: 'password' }, 400],
  ])('refuses %s', async (_, wrong, status) => {
    const right = {
      grant_type: 'client_credentials',
      client_id: simulator.clientId,
      client_secret: simulator.clientSecret,
    };
    expect((await askForToken(simulator, { ...right, ...wrong })).status).toBe(status);
    expect((await askForToken(simulator, right)).status).toBe(200);
  });

  it('stands before everything else', async () => {
    for (const path of ['/definitions', '/definitions/your-definition-id-1', '/executions/x']) {
      expect((await call(path, undefined, simulator, 'unknown')).status).toBe(401);
    }
    expect((await execute('your-definition-id-1', '{}', simulator, 'unknown')).status).toBe(401);
  });
});

describe('the tutorial’s chain', () => {
  it('finds what each step hands to the next', async () => {
    const customer = await execute('your-definition-id-1', '{"account_id":"12345"}');
    expect(at(customer, 'status')).toBe('completed');
    const customerId = at(customer, 'output', 'customer_id') as string;
    const enriched = await execute('your-definition-id-2', JSON.stringify({ customer_id: customerId }));
    const recordId = at(enriched, 'output', 'record_id') as string;
    const updated = await execute('your-definition-id-3', JSON.stringify({ record_id: recordId, status: 'processed' }));
    expect(at(updated, 'output', 'record_id')).toBe(recordId);
    expect(at(updated, 'output', 'status')).toBe('processed');
    expect(at(updated, 'output', 'updated')).toBe(true);
  });

  it('gives the same output for the same inputs, another for others and for another seed', async () => {
    const output = async (account: string, of?: Simulator, bearer?: string): Promise<string> =>
      printCompactJson(at(await execute('your-definition-id-1', `{"account_id":"${account}"}`, of, bearer), 'output')!);
    const first = await output('12345');
    expect(await output('12345')).toBe(first);
    expect(await output('12346')).not.toBe(first);
    const other = await startSimulator({ latencyMs: 0, seed: 'other' });
    const otherOutput = await output('12345', other, await mint(other));
    await other.close();
    expect(otherOutput).not.toBe(first);
  });
});

describe('every definition', () => {
  it.each(SIMULATED_DEFINITIONS.map((definition) => [definition.id, definition] as const))(
    '%s answers its own example with what its schema promises, all fields described',
    async (id, definition) => {
      const inputs = exampleOf(definition.inputSchema);
      expect(checkValue(definition.inputSchema, inputs)).toEqual([]);
      const told = await execute(id, printCompactJson(inputs));
      const output = definition.isDeferred
        ? at(await call(`/executions/${at(told, 'id')}`), 'output')
        : at(told, 'output');
      expect(told.status).toBe(definition.isDeferred ? 202 : 200);
      expect(checkValue(definition.outputSchema, output!)).toEqual([]);
      expect(findUndeclared(definition.outputSchema, output!)).toEqual([]);
    },
  );

  it('is listed with schemas and can be asked for alone', async () => {
    const list = at(await call('/definitions'), 'definitions') as readonly JsonValue[];
    expect(list.map((entry) => findAtPath(entry, ['id']))).toEqual(SIMULATED_DEFINITIONS.map(({ id }) => id));
    const alone = await call('/definitions/your-definition-id-2');
    expect(printCompactJson(alone.body)).toBe(printCompactJson(list[1]!));
    expect(at(alone, 'output_schema', 'properties', 'record_id', 'type')).toBe('string');
  });
});

/** Fields of an output that its schema does not describe: completion would not offer them. */
function findUndeclared(schema: JsonValue, value: JsonValue, path = ''): readonly string[] {
  if (isJsonArray(value)) {
    return value.flatMap((item, i) => findUndeclared(findAtPath(schema, ['items'])!, item, `${path}/${i}`));
  }
  if (!isJsonObject(value)) return [];
  return [...value].flatMap(([key, item]) => {
    const declared = findAtPath(schema, ['properties', key]);
    if (declared === undefined) return [`${path}/${key}`];
    return findUndeclared(declared, item, `${path}/${key}`);
  });
}

describe('an imported definition', () => {
  const define = (id: string, input: PlainJson | null, output: PlainJson | null): Definition => ({
    id,
    name: `Name of ${id}`,
    description: '',
    inputSchema: input === null ? null : fromPlain(input),
    outputSchema: output === null ? null : fromPlain(output),
    effect: null,
    origin: 'imported',
  });
  const ORDERS: PlainJson = {
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'array',
    items: {
      type: 'object',
      required: ['orderId'],
      properties: { orderId: { type: 'string' }, total: { type: 'number' } },
    },
  };

  async function startWith(definitions: () => readonly Definition[], seed?: string) {
    const started = await startSimulator({ latencyMs: 0, definitions, ...(seed === undefined ? {} : { seed }) });
    onTestFinished(() => started.close());
    const bearer = await mint(started);
    return (id: string, inputs: string) => execute(id, inputs, started, bearer);
  }

  it('is answered with data of its output schema, the same for the same inputs and seed', async () => {
    const orders = define('local:orders', null, ORDERS);
    const ask = await startWith(() => [orders]);
    const told = await ask('local:orders', '{"customer":"a"}');
    expect([told.status, at(told, 'status')]).toEqual([200, 'completed']);
    expect(checkValue(orders.outputSchema!, at(told, 'output')!)).toEqual([]);
    expect(at(told, 'output', 0, 'orderId')).toMatch(/^ORDE-\d{5}$/);

    const textOf = async (asking: typeof ask, inputs: string) =>
      printCompactJson(at(await asking('local:orders', inputs), 'output')!);
    const first = printCompactJson(at(told, 'output')!);
    expect(await textOf(ask, '{"customer":"a"}')).toBe(first);
    expect(await textOf(ask, '{"customer":"b"}')).not.toBe(first);
    expect(await textOf(await startWith(() => [orders], 'other'), '{"customer":"a"}')).not.toBe(first);
  });

  it('is known from the moment of its import to that of its removal, and never listed', async () => {
    let imported: readonly Definition[] = [];
    const started = await startSimulator({ latencyMs: 0, definitions: () => imported });
    onTestFinished(() => started.close());
    const bearer = await mint(started);
    const statusOf = async () => (await execute('local:late', '{}', started, bearer)).status;
    expect(await statusOf()).toBe(404);
    imported = [define('local:late', null, { type: 'string' })];
    expect(await statusOf()).toBe(200);
    const list = at(await call('/definitions', undefined, started, bearer), 'definitions') as readonly JsonValue[];
    expect(list.map((entry) => findAtPath(entry, ['id']))).toEqual(SIMULATED_DEFINITIONS.map(({ id }) => id));
    imported = [];
    expect(await statusOf()).toBe(404);
  });

  it('checks its inputs, and takes any where it does not tell', async () => {
    const strict = { type: 'object', required: ['conversationId'], properties: { conversationId: { type: 'string' } } };
    const ask = await startWith(() => [define('local:strict', strict, null), define('local:open', null, null)]);
    const refused = await ask('local:strict', '{"conversationId":5}');
    expect(refused.status).toBe(400);
    expect(at(refused, 'message')).toContain('conversationId');
    expect(printCompactJson(at(await ask('local:strict', '{"conversationId":"5"}'), 'output')!)).toBe('{}');
    expect((await ask('local:open', '{"any":[1]}')).status).toBe(200);
  });

  it('fails in words where no data fits its schema', async () => {
    const ask = await startWith(() => [define('local:odd', null, { type: 'integer', minimum: 2, maximum: 1 })]);
    const told = await ask('local:odd', '{}');
    expect([told.status, at(told, 'status'), at(told, 'output')]).toEqual([200, 'failed', null]);
    expect(at(told, 'error', 'message')).toContain('Name of local:odd');
  });

  it('meets faults as others do', async () => {
    const started = await startSimulator({ latencyMs: 0, definitions: () => [define('local:x', null, null)] });
    onTestFinished(() => started.close());
    const bearer = await mint(started);
    started.setFault('local:x', { type: 'status', status: 503, times: 1 });
    expect((await execute('local:x', '{}', started, bearer)).status).toBe(503);
    expect((await execute('local:x', '{}', started, bearer)).status).toBe(200);
  });

  it('does not take the place of one of the simulator’s own', async () => {
    const ask = await startWith(() => [define('your-definition-id-1', null, { const: 'taken over' })]);
    expect(at(await ask('your-definition-id-1', '{"account_id":"1"}'), 'output', 'account_id')).toBe('1');
  });
});

describe('a request that does not fit', () => {
  it.each([
    ['a missing input', 'your-definition-id-1', '{}', 'account_id'],
    ['an input of another type', 'your-definition-id-1', '{"account_id":12345}', 'account_id'],
    ['a value that is no choice', 'appointment-slots', '{"service":"haircut","date":"2025-06-12"}', 'service'],
  ])('is refused with 400 and words: %s', async (_, id, inputs, words) => {
    const told = await execute(id, inputs);
    expect(told.status).toBe(400);
    expect(at(told, 'message')).toContain(words);
  });

  it('is 404 for an unknown definition, execution or path', async () => {
    expect((await execute('no-such-definition', '{}')).status).toBe(404);
    expect((await call('/definitions/no-such-definition')).status).toBe(404);
    expect((await call('/executions/no-such-execution')).status).toBe(404);
    expect((await call('/definitions/a/b')).status).toBe(404);
    expect((await call('/elsewhere')).status).toBe(404);
  });

  it.each(['', 'x', '[]', '{"inputs":{}}', '{"definition_id":"your-definition-id-1","inputs":[]}'])(
    'is 400 for the body %j',
    async (body) => {
      expect((await call('/executions', body)).status).toBe(400);
    },
  );
});

describe('a deferred execution', () => {
  it('is accepted, running, and completed when its time has come', async () => {
    const slow = await startSimulator({ latencyMs: 60_000 });
    const bearer = await mint(slow);
    const accepted = await execute('interaction-summary', '{"interaction_id":"I-1"}', slow, bearer);
    expect(accepted.status).toBe(202);
    expect(at(await call(`/executions/${at(accepted, 'id')}`, undefined, slow, bearer), 'status')).toBe('running');
    await slow.close();

    const soon = await execute('interaction-summary', '{"interaction_id":"I-1"}');
    const done = await call(`/executions/${at(soon, 'id')}`);
    expect(at(done, 'status')).toBe('completed');
    expect(at(done, 'output', 'interaction_id')).toBe('I-1');
  });
});

describe('a fault', () => {
  const id = 'your-definition-id-1';
  const inputs = '{"account_id":"12345"}';

  it('of a status comes with Retry-After, as often as told, for its definition alone', async () => {
    simulator.setFault(id, { type: 'status', status: 429, retryAfterSec: 2, times: 2 });
    expect((await execute('queue-statistics', '{"queue":"billing"}')).status).toBe(200);
    const first = await execute(id, inputs);
    expect(first.status).toBe(429);
    expect(first.headers.get('retry-after')).toBe('2');
    expect(simulator.faults().get(id)).toMatchObject({ times: 1 });
    expect((await execute(id, inputs)).status).toBe(429);
    expect(simulator.faults().size).toBe(0);
    expect((await execute(id, inputs)).status).toBe(200);
  });

  it('without a count stays until it is healed', async () => {
    simulator.setFault(id, { type: 'status', status: 503 });
    for (let i = 0; i < 3; i++) expect((await execute(id, inputs)).status).toBe(503);
    simulator.setFault(id, null);
    expect((await execute(id, inputs)).status).toBe(200);
  });

  it('of a reset ends the connection', async () => {
    simulator.setFault(id, { type: 'reset', times: 1 });
    await expect(execute(id, inputs)).rejects.toThrow('fetch failed');
  });

  it('of malformed JSON is a 200 that breaks off', async () => {
    simulator.setFault(id, { type: 'malformed', times: 1 });
    const told = await execute(id, inputs);
    expect(told.status).toBe(200);
    expect(() => JSON.parse(told.text)).toThrow();
  });

  it('of a failed envelope says why', async () => {
    simulator.setFault(id, { type: 'failed-envelope', message: 'CRM is closed', times: 1 });
    const told = await execute(id, inputs);
    expect([at(told, 'status'), at(told, 'error', 'message')]).toEqual(['failed', 'CRM is closed']);
  });

  it('of an expired token revokes the token for good', async () => {
    const doomed = await mint(simulator);
    simulator.setFault(id, { type: 'expired-token', times: 1 });
    expect((await execute(id, inputs, simulator, doomed)).status).toBe(401);
    expect((await execute(id, inputs, simulator, doomed)).status).toBe(401);
    expect((await execute(id, inputs)).status).toBe(200);
  });

  it('of a huge answer is as long as told', async () => {
    simulator.setFault(id, { type: 'huge', sizeBytes: 300_000, times: 1 });
    const told = await execute(id, inputs);
    expect((at(told, 'output', 'padding') as string).length).toBe(300_000);
  });

  it('of a slow body sends its head at once', async () => {
    simulator.setFault(id, { type: 'slow', delayMs: 600_000, times: 1 });
    const stop = new AbortController();
    const response = await fetch(`${simulator.baseUrl}/api/v2/dataactions/executions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: `{"definition_id":"${id}","inputs":${inputs}}`,
      signal: stop.signal,
    });
    expect(response.status).toBe(200);
    const body = response.text();
    stop.abort();
    await expect(body).rejects.toThrow('aborted');
  });
});

it('computes numbers with their digits, trailing zeros included', async () => {
  const balances = await Promise.all(
    Array.from({ length: 30 }, async (_, i) =>
      at(await execute('your-definition-id-1', `{"account_id":"${i}"}`), 'output', 'balance'),
    ),
  );
  for (const balance of balances) expect((balance as Numeral).text).toMatch(/^\d+\.\d\d$/);
  expect(balances.some((balance) => (balance as Numeral).text.endsWith('0'))).toBe(true);
  expect(balances.every((balance) => balance instanceof Numeral)).toBe(true);
});

it('says that a port is taken', async () => {
  const port = Number(new URL(simulator.baseUrl).port);
  await expect(startSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
