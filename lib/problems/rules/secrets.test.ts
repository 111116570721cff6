import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { parseChainText } from '@/lib/chain/parse-chain';
import { type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { applyDiff, invertDiff } from '@/lib/chain/workbench-diff';
import { applyEdit } from '@/lib/edit/apply-edit';
import type { Edit } from '@/lib/edit/edit';
import type { PlainJson } from '@/lib/json/value';
import { chainFrom } from '@/testing/chain-builder';
import { FAKE_TOKEN } from '@/testing/problem-cases';
import { findChainProblems, NOTHING_KNOWN } from '../find-problems';
import type { Problem } from '../problem';

const secretsOf = ({ chain, allowedLiterals }: Pick<Workbench, 'chain' | 'allowedLiterals'>): readonly Problem[] =>
  findChainProblems(chain, { ...NOTHING_KNOWN, allowedLiterals }).filter(({ code }) => code.startsWith('secret_'));

const found = (chain: Chain, allowed: readonly string[] = []): readonly (readonly [string, string])[] =>
  secretsOf({ chain, allowedLiterals: new Set(allowed) }).map(({ code, path }) => [code, path]);

const chainWith = (action: { readonly [key: string]: PlainJson }, head: { readonly [key: string]: PlainJson } = {}) =>
  chainFrom({ ...head, actions: { a: { definition_id: 'd', ...action } } });

const inInputs = (inputs: PlainJson): Chain => chainWith({ inputs });

const edited = (workbench: Workbench, edit: Edit) => {
  const result = applyEdit(workbench, edit);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

describe('findSecretProblems', () => {
  it.each<[string, Chain, string]>([
    ['inputs at any depth', inInputs({ list: [{ x: FAKE_TOKEN }] }), '/actions/a/inputs/list/0/x'],
    ['a literal inside a template', inInputs({ x: `{{ input.token or '${FAKE_TOKEN}' }}` }), '/actions/a/inputs/x'],
    ['a literal spelled with escapes', inInputs({ x: `{{ '\\x67${FAKE_TOKEN.slice(1)}' }}` }), '/actions/a/inputs/x'],
    ['a template that cannot be read', inInputs({ x: `{{ ${FAKE_TOKEN}` }), '/actions/a/inputs/x'],
    ['a condition', chainWith({ when: `{{ input.x == '${FAKE_TOKEN}' }}` }), '/actions/a/when'],
    ['a fallback', chainWith({ on_failure: 'fallback', fallback: [FAKE_TOKEN] }), '/actions/a/fallback/0'],
    ['notes', chainWith({ notes: `ask Ann, or use ${FAKE_TOKEN}.` }), '/actions/a/notes'],
    ['a label', chainWith({ label: FAKE_TOKEN }), '/actions/a/label'],
    ['a definition id', chainWith({ definition_id: FAKE_TOKEN }), '/actions/a/definition_id'],
    ['a key of the author’s own', chainWith({ 'x-owner': { key: FAKE_TOKEN } }), '/actions/a/x-owner/key'],
    ['a key of retries', chainWith({ retry: { 'x-why': FAKE_TOKEN } }), '/actions/a/retry/x-why'],
    ['a key that is one', inInputs({ headers: { [FAKE_TOKEN]: 1 } }), '/actions/a/inputs/headers'],
    ['a dependency that is not there', chainWith({ depends_on: ['b', FAKE_TOKEN] }), '/actions/a/depends_on/1'],
    ['an action’s id', chainFrom({ actions: { [FAKE_TOKEN]: { definition_id: 'd' } } }), `/actions/${FAKE_TOKEN}`],
    ['the name', chainWith({}, { name: FAKE_TOKEN }), '/name'],
    ['the description', chainWith({}, { description: `Uses ${FAKE_TOKEN}` }), '/description'],
    [
      'examples of the inputs',
      chainWith({}, { inputs: { properties: { id: { examples: [FAKE_TOKEN] } } } }),
      '/inputs/properties/id/examples/0',
    ],
    ['keys of the document', chainWith({}, { 'x-note': FAKE_TOKEN }), '/x-note'],
    [
      'the webhook’s address',
      chainWith({}, { settings: { webhook: { url: 'https://ann:hunter22@example.org/' } } }),
      '/settings/webhook/url',
    ],
  ])('finds a credential in %s', (_where, chain, path) => {
    expect(found(chain)).toEqual([['secret_literal', path]]);
    expect(found(chain, [path])).toEqual([]);
  });

  it.each<[string, Chain, string]>([
    ['a key', inInputs({ options: { apiKey: 'tr0ub4dor' } }), '/actions/a/inputs/options/apiKey'],
    ...'password2 token1 passWord pass db_pass pw smtpPw auth bearer jwt apitoken apiToken2'
      .split(' ')
      .map((key): [string, Chain, string] => [
        `the key ${key}`,
        inInputs({ [key]: 'Tr0ub4dor&3x' }),
        `/actions/a/inputs/${key}`,
      ]),
    ['a header in a text', inInputs({ x: 'X-Api-Key: abcd1234efgh5678' }), '/actions/a/inputs/x'],
    ['a header in a sentence', inInputs({ x: 'Send Token: abcd1234efgh5678, please' }), '/actions/a/inputs/x'],
    ['the key of a list', inInputs({ passwords: ['tr0ub4dor'] }), '/actions/a/inputs/passwords/0'],
    [
      'the name beside a value',
      inInputs([{ name: 'Authorization', value: 'Token tr0ub4dor' }]),
      '/actions/a/inputs/0/value',
    ],
    [
      'a default of a template',
      inInputs({ password: "{{ input.p | default('tr0ub4dor') }}" }),
      '/actions/a/inputs/password',
    ],
    ['a key in a template', inInputs({ body: "{{ {'password': 'tr0ub4dor'} }}" }), '/actions/a/inputs/body'],
    ['a query', inInputs({ url: 'https://example.org/?a=1&access_token=tr0ub4dor' }), '/actions/a/inputs/url'],
    ['JSON in a text', inInputs({ body: '{"user": "ann", "password": "tr0ub4dor"}' }), '/actions/a/inputs/body'],
    ['a connection string', inInputs({ x: 'Server=db;User Id=ann;Password=tr0ub4dor' }), '/actions/a/inputs/x'],
    ['randomness', inInputs({ x: 'q7Zt9LmX2vB4nK8sW1dR5yH3' }), '/actions/a/inputs/x'],
    ['randomness in a sentence', chainWith({ notes: 'Use q7Zt9LmX2vB4nK8sW1dR5yH3 here.' }), '/actions/a/notes'],
    [
      'a default of the inputs',
      chainWith({}, { inputs: { properties: { client_secret: { default: 'tr0ub4dor' } } } }),
      '/inputs/properties/client_secret/default',
    ],
    [
      'the webhook’s query',
      chainWith({}, { settings: { webhook: { url: 'https://example.org/?token=tr0ub4dor' } } }),
      '/settings/webhook/url',
    ],
  ])('suspects one by %s', (_why, chain, path) => {
    expect(found(chain)).toEqual([['secret_suspected', path]]);
    expect(found(chain, [path])).toEqual([]);
  });

  it.each<[string, Chain]>([
    ['a template', inInputs({ password: '{{ input.password }}', token: 'Bearer {{ login.access_token }}' })],
    ['a field of an output', inInputs({ token: "{{ login['access_token'] }}" })],
    ['a comparison', inInputs({ token: "{{ a if input.kind == 'production' else b }}" })],
    ['a short value', inInputs({ password: 'letmein' })],
    [
      'a placeholder',
      inInputs({ password: '<your password>', token: 'YOUR_TOKEN', secret: '$' + '{SECRET}', api_key: 'xxxxxxxxxx' }),
    ],
    ['the name of a credential', inInputs({ token: 'access_token', authorization: 'client_credentials' })],
    ['a key that speaks about one', inInputs({ token_url: 'https://example.org/token', max_tokens: '10000000' })],
    ['consent to cookies', inInputs({ cookieConsent: 'accepted-2024', cookie_banner: 'banner-v2-2024' })],
    ['a ticket and a method', inInputs({ pass: 'gold-customers', auth: 'oauth2client', pw: '2024-01-31T10' })],
    ['ids of records', inInputs({ x: '0015g00000XyZabAAF-0035g00000AbCdeQAG', y: '500Dn00000A1b2c_001Dn00000A1b2d' })],
    ['a sentence about one', inInputs({ x: 'Password: required. Token: see below, expires: 2024-01-31T10:00:00Z' })],
    ['a place in a list', inInputs({ next_page_token: 'eyJwYWdlIjoyfQ' })],
    ['a UUID', inInputs({ x: '550E8400-e29b-41d4-a716-446655440000', y: '550e8400e29b41d4a716446655440000' })],
    ['hashes', inInputs({ md5: 'd41d8cd98f00b204e9800998ecf8427e', sha1: 'DA39A3EE5e6b4b0d3255bfef95601890afd80709' })],
    ['a date', inInputs({ x: '2024-01-31T09:30:00.000+01:00' })],
    ['a sentence', inInputs({ x: 'The quick brown fox jumps over 13 lazy dogs, again and again' })],
    ['a URL', inInputs({ x: 'https://example.org/a/q7Zt9LmX2vB4nK8sW1dR5yH3?page=2' })],
    ['base64 of a text', inInputs({ x: 'SGVsbG8gd29ybGQsIHRoaXMgaXMgYSB0ZXh0' })],
    ['an address and a number', inInputs({ x: 'someone.Name42+tag@mail.example.com', y: '+49 151 2345 6789 1234 56' })],
    ['joined words', inInputs({ x: 'getCustomerByAccountNumber2AndRegionCode' })],
    [
      'a description of a password',
      chainWith({}, { inputs: { properties: { password: { description: 'Eight or more characters' } } } }),
    ],
    [
      'the name of a secret',
      chainWith({}, { settings: { webhook: { url: 'https://example.org/', secret_ref: 'STATUS_WEBHOOK_SECRET' } } }),
    ],
  ])('suspects nothing of %s', (_what, chain) => {
    expect(found(chain)).toEqual([]);
  });

  it('takes an id of a definition for an id, however random', () => {
    const id = 'q7Zt9LmX2vB4nK8sW1dR5yH3';
    expect(found(chainWith({ definition_id: id, inputs: { definition: id } }))).toEqual([]);
    expect(found(chainWith({ inputs: { definition: id } }))).toHaveLength(1);
  });

  it('never repeats the text, not even a part of it, and neither does any other problem', () => {
    const password = 'tr0ub4dor';
    const chain = chainFrom({
      actions: {
        a: { definition_id: FAKE_TOKEN, inputs: { password, x: `{{ ${FAKE_TOKEN}.y }}`, [FAKE_TOKEN]: '{{ b.c' } },
        b: { definition_id: 'd', notes: `password=${password}`, inputs: { x: `{{ ${FAKE_TOKEN} ${FAKE_TOKEN} }}` } },
      },
    });
    const problems = findChainProblems(chain, { ...NOTHING_KNOWN, definitions: new Map() });
    const texts = problems.flatMap(({ message, fix }) => [message, fix?.label ?? '']);
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) {
      expect(text).not.toContain(FAKE_TOKEN.slice(4, 12));
      expect(text).not.toContain(password.slice(0, 5));
    }
  });

  it('finds a credential that is an action’s id once, settles it by its place, and never prints it', () => {
    const action = { definition_id: 'd', inputs: { x: '{{ nobody }}' } };
    const chain = chainFrom({
      actions: { [FAKE_TOKEN]: action, b: { definition_id: 'd', depends_on: [FAKE_TOKEN] } },
    });
    const problems = findChainProblems(chain, NOTHING_KNOWN);
    expect(problems.map(({ message, fix }) => message + fix?.label).join()).not.toContain(FAKE_TOKEN.slice(4));
    const [problem, ...others] = problems.filter(({ code }) => code === 'secret_literal');
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      action: FAKE_TOKEN,
      message: expect.stringMatching(/^The id of an action is a GitHub token\. /),
    });
    expect(secretsOf(edited(workbenchOf(chain), problem!.fix!.edit).workbench)).toEqual([]);
  });

  it('repeats no credential of a document that is refused, and not what stands in the place of a name', () => {
    const token = `eyJ${'a1'.repeat(30)}.eyJ${'b2'.repeat(60)}.${'c3'.repeat(20)}`;
    const text = JSON.stringify({
      format: 'chainwright.chain/1',
      [token]: 1,
      settings: { timeout_sec: token, webhook: { url: 'https://', secret_ref: 'tr0ub4dor' } },
      actions: { a: { definition_id: 'd', effect: token } },
    });
    const read = parseChainText(text);
    const messages = read.ok ? [] : read.error.map(({ message }) => message);
    expect(messages).toHaveLength(5);
    expect(messages.join()).not.toMatch(/a1a1|b2b2|c3c3|tr0ub/);
  });

  it('masks a credential before a name is cut', () => {
    const token = `eyJ${'a1'.repeat(30)}.eyJ${'b2'.repeat(60)}.${'c3'.repeat(20)}`;
    const chain = chainWith({ definition_id: token, inputs: { [token]: `{{ x["${token}' }}` } });
    const problems = findChainProblems(chain, { ...NOTHING_KNOWN, definitions: new Map(), secretNames: new Set() });
    expect(problems.length).toBeGreaterThan(2);
    expect(problems.map(({ message }) => message).join()).not.toMatch(/a1a1|b2b2|c3c3/);
  });

  it('stays settled when the action is renamed, and comes back when it is deleted and undone', () => {
    const start = workbenchOf(inInputs({ x: FAKE_TOKEN }));
    const [problem] = secretsOf(start);
    const allowed = edited(start, problem!.fix!.edit).workbench;
    expect(secretsOf(allowed)).toEqual([]);
    const renamed = edited(allowed, { type: 'rename-action', from: 'a' as never, to: 'b/c' as never }).workbench;
    expect(renamed.allowedLiterals).toEqual(new Set(['/actions/b~1c/inputs/x']));
    expect(secretsOf(renamed)).toEqual([]);
    const deleted = edited(renamed, { type: 'delete-actions', ids: ['b/c' as never], healEdges: false });
    expect(deleted.workbench.allowedLiterals).toEqual(new Set());
    const undone = applyDiff(deleted.workbench, invertDiff(deleted.diff));
    expect(secretsOf(undone)).toEqual([]);
  });

  it('finds a new one in an action that was edited, and looks at the others no second time', () => {
    const chain = chainFrom({ actions: { a: { definition_id: 'd' }, b: { definition_id: 'd' } } });
    const { workbench } = edited(workbenchOf(chain), {
      type: 'set-input',
      id: 'b' as never,
      path: ['x'],
      value: FAKE_TOKEN,
    });
    expect(found(workbench.chain)).toEqual([['secret_literal', '/actions/b/inputs/x']]);
  });

  it('finds nothing in ordinary words (property)', () => {
    const word = fc.constantFrom('Customer', 'order', 'ID', '42', '2024', 'address', 'Line', 'v2', 'XML', 'queue');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.constantFrom(' ', '_', '-', '.', ''), (words, joint) => {
        expect(found(inInputs({ x: words.join(joint) }))).toEqual([]);
      }),
    );
  });
});
