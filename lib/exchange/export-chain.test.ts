import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { hashChain } from '@/lib/chain/print-chain';
import { type Workbench, workbenchOf } from '@/lib/chain/workbench';
import type { Definition } from '@/lib/definition/definition';
import { parseJson } from '@/lib/json/parse-json';
import { sha256Hex } from '@/lib/json/print-json';
import { fromPlain, type JsonValue } from '@/lib/json/value';
import { findChainProblems, type Known, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { arbitraryChain, arbitraryWorkbench } from '@/testing/arbitrary-chain';
import { chainOf, toActionId, withAction } from '@/testing/chain-builder';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';
import { exampleWorkbench } from './example-chain';
import { EXPORT_KINDS, type ExportedFile, type ExportKind, type ExportRequest, exportChain } from './export-chain';
import { importText } from './import-chain';
import { printWorkbench } from './workbench-text';

const exported = (
  kind: ExportKind,
  workbench: Workbench,
  rest: Partial<Omit<ExportRequest, 'kind' | 'workbench'>> = {},
): ExportedFile => {
  const file = exportChain({ kind, workbench, known: NOTHING_KNOWN, ...rest });
  if (!file.ok) throw new Error(file.error.message);
  return file.value;
};

const refusal = (request: ExportRequest) => {
  const file = exportChain(request);
  if (file.ok) throw new Error('It was exported');
  return file.error;
};

const imported = (text: string): Workbench => {
  const read = importText(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  if (read.value.kind !== 'chain' && read.value.kind !== 'mapping') throw new Error(read.value.kind);
  return read.value.workbench;
};

const fileNameOf = (name: string) => exported('chain', workbenchOf({ ...chainOf('A'), name })).fileName;

const definitionOf = (id: string): Definition => ({
  id,
  name: `Name of ${id}`,
  description: '',
  inputSchema: null,
  outputSchema: fromPlain({ type: 'object' }),
  effect: null,
  origin: 'connection',
});

const knowing = (...ids: readonly string[]): Known => ({
  ...NOTHING_KNOWN,
  definitions: new Map(ids.map((id) => [id, definitionOf(id)])),
});

const hasErrors = (chain: Chain): boolean =>
  findChainProblems(chain, NOTHING_KNOWN).some(({ severity }) => severity === 'error');

/** Bytes: 4 KB are fewer letters in most scripts. */
const sizeOf = (text: string): number => new TextEncoder().encode(text).length;

describe('exportChain', () => {
  it('gives every kind of file of any chain, or the reason why not, and never throws (property)', () => {
    const inputs = fc.constantFrom<JsonValue | undefined>(undefined, new Map(), fromPlain({ flag: true }));
    fc.assert(
      fc.property(arbitraryWorkbench(), inputs, fc.boolean(), (workbench, input, allowLossy) => {
        for (const kind of EXPORT_KINDS) {
          const request = { kind, workbench, known: knowing('a'), allowLossy };
          const file = exportChain(input === undefined ? request : { ...request, input });
          if (file.ok) continue;
          expect(sizeOf(file.error.message)).toBeLessThanOrEqual(4096);
          if (kind === 'definitions') {
            expect(file.error.reason).toBe('unknown');
            continue;
          }
          expect(['chain', 'mapping']).toContain(kind);
          expect(file.error.reason === 'errors').toBe(hasErrors(workbench.chain));
        }
      }),
    );
  });

  it('writes a file whose SHA-256 is the chain’s hash, and nothing of what lies beside (property)', () => {
    const valid = arbitraryWorkbench(arbitraryChain().filter((chain) => !hasErrors(chain)));
    fc.assert(
      fc.property(valid, (workbench) => {
        const { text } = exported('chain', workbench);
        expect(sha256Hex(text)).toBe(hashChain(workbench.chain));
        expect(exported('chain', workbenchOf(workbench.chain)).text).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('writes the very bytes again after an import', () => {
    const file = exported('chain', exampleWorkbench());
    expect(exported('chain', imported(file.text))).toEqual(file);
  });

  it('is blocked by errors alone, and only as chain and mapping: a cyclic draft can be drawn', () => {
    const workbench = workbenchOf(chainOf('A B', 'A>B>A'));
    for (const kind of ['chain', 'mapping'] as const) {
      const error = refusal({ kind, workbench, known: NOTHING_KNOWN });
      expect(error).toMatchObject({ reason: 'errors', problems: [{ code: 'cycle' }] });
      expect(error.message).toContain('One error stands against the export; mend it first. ');
      expect(error.message).toContain(error.problems[0]!.message);
    }
    for (const kind of ['mermaid', 'dot', 'sidecar'] as const) expect(exported(kind, workbench).text).not.toBe('');
    expect(exported('definitions', workbench, { known: knowing('definition-of-A') }).text).toContain(
      'chainwright.definitions/1',
    );
  });

  it('names the first reasons in full and counts the others', () => {
    const ids = Array.from({ length: 50 }, (_, index) => `a${index}`);
    const workbench = workbenchOf(chainOf(ids.join(' '), ...ids.map((id) => `${'名'.repeat(128)}>${id}`)));
    const { message, problems } = refusal({ kind: 'chain', workbench, known: NOTHING_KNOWN });
    expect(problems).toHaveLength(50);
    expect(message).toContain('And 47 more.');
    expect(sizeOf(message)).toBeLessThanOrEqual(4096);
  });

  it('stays within 4 KB when names take three bytes a character', () => {
    const rings = [0, 1, 2, 3].map((ring) => Array.from({ length: 40 }, (_, i) => `${'語'.repeat(120)}${ring}_${i}`));
    const edges = rings.map((ids) => [...ids, ids[0]!].join('>'));
    const { message } = refusal({
      kind: 'chain',
      workbench: workbenchOf(chainOf(rings.flat().join(' '), ...edges)),
      known: NOTHING_KNOWN,
    });
    expect(message).toContain('And 1 more.');
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
  });

  it('takes a literal for no secret when the workbench says so, whether or not the caller knew', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const workbench = workbenchOf(withAction(chainOf('A'), 'A', { inputs: { note: token } }));
    expect(refusal({ kind: 'chain', workbench, known: NOTHING_KNOWN }).problems[0]?.code).toBe('secret_literal');
    const allowed = { ...workbench, allowedLiterals: new Set(['/actions/A/inputs/note']) };
    expect(exported('chain', allowed).text).toContain(token);
  });

  it('snapshots the definitions that the chain calls, each once, in the order in which it names them', () => {
    const chain = withAction(chainOf('C A B'), 'B', { definition_id: 'definition-of-C' });
    const known = knowing('other', 'definition-of-A', 'definition-of-C');
    const text = exported('definitions', workbenchOf(chain), { known }).text;
    const read = importText(text);
    expect(read.ok && read.value.kind === 'definitions' && read.value.definitions.map(({ id }) => id)).toEqual([
      'definition-of-C',
      'definition-of-A',
    ]);
  });

  it('names the definitions that a snapshot lacks', () => {
    const chain = chainOf('A B C D E F G');
    const known = knowing('definition-of-B');
    expect(exported('definitions', workbenchOf(chain), { known }).notes).toEqual([
      '6 definitions are not known and not in the file: definition-of-A, definition-of-C, definition-of-D, definition-of-E, definition-of-F and 1 more.',
    ]);
    const [note] = exported('definitions', workbenchOf(chainOf('A B')), { known }).notes;
    expect(note).toBe('The definition definition-of-A is not known and not in the file.');
    expect(exported('definitions', workbenchOf(chainOf('B')), { known }).notes).toEqual([]);
    const none = refusal({ kind: 'definitions', workbench: workbenchOf(chainOf('A')), known });
    expect(none).toMatchObject({ reason: 'unknown', message: expect.stringContaining(': definition-of-A. ') });
  });

  it('looks definitions up where the connection map leads, and writes them under the ids of the document', () => {
    const chain = withAction(chainOf('A'), 'A', { definition_id: 'id-elsewhere' });
    const known = { ...knowing('definition-of-A'), idMap: new Map([['id-elsewhere', 'definition-of-A']]) };
    const { text, notes } = exported('definitions', workbenchOf(chain), { known });
    expect(JSON.parse(text).definitions).toMatchObject([{ id: 'id-elsewhere', name: 'Name of definition-of-A' }]);
    expect(notes).toEqual([]);
  });

  it('has no snapshot to make where no definitions are known, and says what to do', () => {
    const { reason, message } = refusal({
      kind: 'definitions',
      workbench: exampleWorkbench(),
      known: NOTHING_KNOWN,
    });
    expect(reason).toBe('unknown');
    expect(message).toContain('Choose a connection');
  });

  it('writes a sidecar that reads back as what lies beside the chain, without the connection', () => {
    const workbench = { ...exampleWorkbench(), connectionId: 'production' };
    const { text } = exported('sidecar', workbench);
    const { chain, connectionId, ...beside } = workbench;
    const read = importText(text);
    expect(read.ok && read.value.kind === 'sidecar' && read.value.sidecar).toEqual(beside);
    expect(text).not.toContain(connectionId);
    expect(text).not.toContain(chain.description);
  });

  it.each([
    ['chain', 'customer-enrichment.chain.json', 'application/json'],
    ['mapping', 'customer-enrichment.mapping.json', 'application/json'],
    ['definitions', 'customer-enrichment.definitions.json', 'application/json'],
    ['sidecar', 'customer-enrichment.sidecar.json', 'application/json'],
    ['mermaid', 'customer-enrichment.mmd', 'text/vnd.mermaid'],
    ['dot', 'customer-enrichment.dot', 'text/vnd.graphviz'],
  ] as const)('calls a %s %s', (kind, fileName, mediaType) => {
    const input = fromPlain({ account_id: '1' });
    const file = exported(kind, exampleWorkbench(), {
      known: knowing('your-definition-id-1'),
      input,
      allowLossy: true,
    });
    expect(file).toMatchObject({ fileName, mediaType });
    expect(file.text.endsWith('\n')).toBe(true);
  });

  it.each([
    ['Customer enrichment', 'customer-enrichment.chain.json'],
    ['', 'untitled.chain.json'],
    ['///', 'untitled.chain.json'],
    ['../../etc/passwd', 'etc-passwd.chain.json'],
    ['Größe & Maß', 'größe-maß.chain.json'],
    ['顧客の名前', '顧客の名前.chain.json'],
    ['CON', 'chain-con.chain.json'],
    ['a\u0000b\nc', 'a-b-c.chain.json'],
    ['x'.repeat(200), `${'x'.repeat(80)}.chain.json`],
  ])('names the file of a chain called %j %s', (name, fileName) => {
    expect(fileNameOf(name)).toBe(fileName);
  });

  it('gives names that every file system takes (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(fileNameOf(name)).toMatch(/^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}-]{0,85}\.chain\.json$/u);
      }),
    );
  });
});

describe('exportChain as a mapping', () => {
  it('gives the tutorial’s mapping back as it came', () => {
    const { text, losses } = exported('mapping', imported(TUTORIAL_MAPPING));
    expect(losses).toEqual([]);
    expect(JSON.parse(text)).toEqual(JSON.parse(TUTORIAL_MAPPING));
  });

  it('stops at losses and names them, unless they are allowed; then they come with the file', () => {
    const chain = withAction(chainOf('A B', 'A>B'), 'B', { when: '{{ A.ok }}' });
    const request: ExportRequest = { kind: 'mapping', workbench: workbenchOf(chain), known: NOTHING_KNOWN };
    const { reason, message, problems } = refusal(request);
    expect(reason).toBe('losses');
    expect(message).toContain('would do one thing otherwise');
    expect(problems).toMatchObject([
      { code: 'mapping_lossy', severity: 'warning', path: '/actions/B/when', action: 'B' },
    ]);
    expect(exported('mapping', workbenchOf(chain), { allowLossy: true }).losses).toEqual(problems);
  });

  it('asks for the input that its templates read instead of guessing it', () => {
    const { reason, message, problems } = refusal({
      kind: 'mapping',
      workbench: exampleWorkbench(),
      known: NOTHING_KNOWN,
      allowLossy: true,
    });
    expect(reason).toBe('input');
    expect(message).toContain('fetch_customer, inputs.account_id: the template reads input.account_id');
    expect(problems).toMatchObject([{ path: '/actions/fetch_customer/inputs/account_id', action: 'fetch_customer' }]);
  });

  it('refuses an input that the chain’s schema refuses, with the place', () => {
    const request = { kind: 'mapping', workbench: exampleWorkbench(), known: NOTHING_KNOWN, allowLossy: true } as const;
    const { reason, problems } = refusal({ ...request, input: fromPlain({ account_id: 7 }) });
    expect(reason).toBe('input');
    expect(problems).toMatchObject([{ code: 'schema', path: '/input/account_id' }]);
  });

  it('refuses an input that would write a credential into the mapping', () => {
    const workbench = exampleWorkbench();
    const request = { kind: 'mapping', workbench, known: NOTHING_KNOWN, allowLossy: true } as const;
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const error = refusal({ ...request, input: fromPlain({ account_id: token }) });
    expect(error).toMatchObject({ reason: 'input', problems: [{ code: 'secret_literal' }] });
    expect(JSON.stringify(error)).not.toContain(token);
    expect(exportChain({ ...request, input: fromPlain({ account_id: '12345' }) }).ok).toBe(true);
  });

  it('fills in what the schema has defaults for', () => {
    const chain: Chain = {
      ...withAction(chainOf('A'), 'A', { inputs: { region: '{{ input.region }}' } }),
      inputs: fromPlain({ type: 'object', properties: { region: { type: 'string', default: 'eu' } } }),
    };
    const { text } = exported('mapping', workbenchOf(chain), { input: new Map() });
    expect(JSON.parse(text).A.inputs).toEqual({ region: 'eu' });
  });

  it('keeps ids of any kind, in order', () => {
    const ids = ['constructor', '10', '2', '__proto__', 'a/b'].map(toActionId);
    const actions = new Map(ids.map((id) => [id, { definition_id: 'd', extra: new Map<string, JsonValue>() }]));
    const { text } = exported('mapping', workbenchOf({ actions, extra: new Map() }));
    const read = parseJson(text);
    expect(read.ok && read.value instanceof Map && [...read.value.keys()]).toEqual(ids);
  });
});

describe('exampleWorkbench', () => {
  it('is the tutorial’s chain, laid out left to right, with a sample input to run it', () => {
    const { chain, layout, sampleInputs, sampleInputName } = exampleWorkbench();
    expect([...chain.actions].map(([id, { depends_on }]) => [id, depends_on])).toEqual([
      ['fetch_customer', []],
      ['enrich_data', ['fetch_customer']],
      ['update_crm', ['enrich_data']],
    ]);
    expect([...layout.keys()]).toEqual([...chain.actions.keys()]);
    const columns = [...layout.values()].map(({ x }) => x);
    expect(columns).toEqual([...columns].sort((a, b) => a - b));
    expect(new Set(columns).size).toBe(3);
    expect(sampleInputs.get(sampleInputName!)).toEqual(new Map([['account_id', '12345']]));
  });

  it('is made anew each time, so that no editor shares it', () => {
    expect(exampleWorkbench().chain).not.toBe(exampleWorkbench().chain);
    expect(printWorkbench(exampleWorkbench())).toBe(printWorkbench(exampleWorkbench()));
  });
});
