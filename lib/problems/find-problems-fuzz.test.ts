import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChainText } from '@/lib/chain/parse-chain';
import { chainToJson, printChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import { applyEdit } from '@/lib/edit/apply-edit';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { parseJson } from '@/lib/json/parse-json';
import { type JsonPath, replaceAtPath } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@/lib/json/value';
import { arbitraryChain } from '@/testing/arbitrary-chain';
import { arbitraryJson, arbitraryKey, NASTY_KEYS } from '@/testing/arbitrary-json';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { definition, documentOf, KNOWN, knownWith, reading } from '@/testing/problem-cases';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';
import { findChainProblems, findProblems, type Known } from './find-problems';
import type { Problem } from './problem';

/** Of each kind; in the long run 120,000 documents together. */
const RUNS = fuzzRuns(2_000);
const MESSAGE_BYTES_MAX = 4096;
const sizeOf = (text: string): number => new TextEncoder().encode(text).length;

const jsonOf = (text: string): JsonObject => {
  const parsed = parseJson(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error('An example is a JSON object');
  return parsed.value;
};

const mapping = jsonOf(TUTORIAL_MAPPING);
const asChain = (actions: JsonValue): JsonValue =>
  new Map<string, JsonValue>([
    ['format', 'chainwright.chain/1'],
    ['actions', actions],
  ]);
const detailed = documentOf(
  {
    a: { definition_id: 'lookup', effect: 'read', inputs: { account_id: '{{ input.id }}', options: { deep: true } } },
    b: {
      depends_on: ['a', 'b'],
      when: '{{ a.customer_id }}',
      run_if: 'all_done',
      inputs: { x: ['{{ a.orders[0].total }}'] },
    },
    c: {
      depends_on: ['b', 'a'],
      timeout_sec: 10,
      retry: { on: ['timeout'] },
      on_failure: 'fallback',
      fallback: { x: 1 },
    },
  },
  {
    name: 'Every part',
    inputs: { type: 'object', properties: { id: { type: 'string', examples: ['1'], pattern: 'a' } } },
    settings: {
      deadline_sec: 5,
      retry: { on: ['network'] },
      webhook: { url: 'https://example.org/', secret_ref: 'S' },
    },
  },
);
const EXAMPLES: readonly JsonValue[] = [
  chainToJson(exampleWorkbench().chain),
  mapping,
  asChain(mapping),
  chainToJson(detailed),
];

/** Every check is on. */
const idMap: ConnectionMap = new Map([['your-definition-id-1', 'lookup']]);
const known: Known = { ...KNOWN, idMap, secretNames: new Set(['OTHER']), allowedLiterals: new Set(['/name']) };

function placesIn(value: JsonValue): readonly JsonPath[] {
  const places: JsonPath[] = [];
  const walk = (at: JsonValue, path: JsonPath): void => {
    if (path.length > 0) places.push(path);
    if (isJsonArray(at)) at.forEach((item, index) => void walk(item, [...path, index]));
    else if (isJsonObject(at)) for (const [key, item] of at) walk(item, [...path, key]);
  };
  walk(value, []);
  return places;
}

type Mutation = (document: JsonValue) => JsonValue;

const nest = (value: JsonValue, depth: number): JsonValue => {
  let nested = value;
  for (let i = 0; i < depth; i++) nested = i % 2 === 0 ? [nested] : new Map([['k', nested]]);
  return nested;
};

const nextValue = fc.oneof(
  arbitraryJson(),
  fc.constant(undefined),
  fc.constantFrom<JsonValue>('{{ a.b', '{{ constructor.__proto__ }}', '{{ x }}'.repeat(300), 'x'.repeat(5_000)),
  fc.tuple(arbitraryJson({ depthMax: 1 }), fc.nat(80)).map(([value, depth]) => nest(value, depth)),
);

const arbitraryMutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), nextValue).map(
    ([pick, next]): Mutation =>
      (document) => {
        const places = placesIn(document);
        return places.length === 0 ? document : replaceAtPath(document, places[pick % places.length]!, next);
      },
  ),
  fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(...NASTY_KEYS), arbitraryKey), nextValue).map(
    ([pick, key, next]): Mutation =>
      (document) => {
        const objects: readonly JsonPath[] = [[], ...placesIn(document)];
        const place = objects[pick % objects.length]!;
        try {
          return replaceAtPath(document, [...place, key], next);
        } catch {
          // Nothing can stand below a text or a number.
          return document;
        }
      },
  ),
);

function expectReadable(problems: readonly Problem[]): void {
  const unreadable = problems.filter(({ message, path, fix }) => {
    const texts = fix === undefined ? [message] : [message, fix.label];
    const isReadable = texts.every((text) => text !== '' && sizeOf(text) <= MESSAGE_BYTES_MAX);
    return !isReadable || (path !== '' && !path.startsWith('/'));
  });
  expect(unreadable).toEqual([]);
}

describe('findProblems', () => {
  it('never throws and always has a readable answer, whatever the JSON value (fuzz)', () => {
    fc.assert(
      fc.property(arbitraryJson(), fc.constantFrom('anything', 'actions', 'inputs'), (value, place) => {
        const lookup = (inputs: JsonValue): JsonValue =>
          new Map([
            ['definition_id', 'lookup' as JsonValue],
            ['inputs', inputs],
          ]);
        const whole = new Map<string, JsonValue>([
          ['format', 'chainwright.chain/1'],
          ['inputs', value],
          ['actions', new Map([['a', lookup(value)]])],
        ]);
        expectReadable(
          findProblems(place === 'anything' ? value : place === 'actions' ? asChain(value) : whole, known),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('never throws and always has a readable answer, whatever was done to an example (fuzz)', () => {
    const mutations = fc.array(arbitraryMutation, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...EXAMPLES), mutations, (example, all) => {
        expectReadable(
          findProblems(
            all.reduce<JsonValue>((document, mutate) => mutate(document), example),
            known,
          ),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('never throws, whatever the schemas of the definitions (fuzz)', () => {
    fc.assert(
      fc.property(arbitraryJson(), arbitraryJson(), (inputSchema, outputSchema) => {
        const odd = knownWith({ ...definition('lookup'), inputSchema, outputSchema }, definition('d'));
        expectReadable(findChainProblems(reading('{{ a.b.c }}'), odd));
      }),
    );
  });
});

describe('findChainProblems', () => {
  it('gives the same list for a chain that was printed and read again (property)', () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        const again = parseChainText(printChain(chain));
        if (!again.ok) throw new Error(again.error[0]?.message);
        expect(findChainProblems(again.value, known)).toEqual(findChainProblems(chain, known));
      }),
    );
  });

  it('offers only fixes that can be applied and leave the problem behind (property)', () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        const problems = findChainProblems(chain, KNOWN);
        const key = ({ code, message }: Problem) => JSON.stringify([code, message]);
        for (const problem of problems) {
          if (problem.fix === undefined) continue;
          const fixed = applyEdit(workbenchOf(chain), problem.fix.edit);
          if (!fixed.ok) throw new Error(`${problem.code}: ${fixed.error.message}`);
          const { workbench } = fixed.value;
          const left = findChainProblems(workbench.chain, { ...KNOWN, allowedLiterals: workbench.allowedLiterals });
          expect(left.map(key)).not.toContain(key(problem));
        }
      }),
    );
  });
});
