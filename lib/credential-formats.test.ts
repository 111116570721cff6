import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, findCredential, maskCredentials } from './credential-formats';

const of = (alphabet: string, length: number): string =>
  Array.from({ length }, (_, i) => alphabet[(i * 7 + 3) % alphabet.length]).join('');
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';
const SMALL = 'abcdefghijklmnopqrstuvwxyz0123456789';
const any = (length: number): string => of(LETTERS, length);

/** Made here, so that none is a real one and no scanner of this repository takes one for real. */
const CREDENTIALS: readonly (readonly [what: string, text: string])[] = [
  ['a private key', `-----BEGIN ${'PRIVATE KEY'}-----\nMIIE…`],
  ['a private key', `-----BEGIN RSA ${'PRIVATE KEY'}-----`],
  ['a private key', `-----BEGIN PGP ${'PRIVATE KEY'} BLOCK-----`],
  ['a JSON Web Token', `eyJ${any(20)}.eyJ${any(40)}.${any(43)}`],
  ['an AWS access key id', `AKIA${of(BASE32, 16)}`],
  ['an AWS access key id', `ASIA${of(BASE32, 16)}`],
  ['a GitHub token', `ghs_${any(36)}`],
  ['a GitHub token', `github_pat_${any(22)}_${any(59)}`],
  ['a GitLab token', `glpat-${any(20)}`],
  ['a Slack token', `xoxb-${of('0123456789', 12)}-${any(24)}`],
  ['the URL of a Slack webhook', `https://hooks.slack.com/services/T${of(BASE32, 8)}/B${of(BASE32, 8)}/${any(24)}`],
  ['a Stripe key', `sk_live_${any(24)}`],
  ['a Stripe key', `rk_test_${any(24)}`],
  ['a signing secret', `whsec_${any(32)}`],
  ['a Google key or token', `AIza${any(35)}`],
  ['a Google key or token', `GOCSPX-${any(28)}`],
  ['a SendGrid key', `SG.${any(22)}.${any(43)}`],
  ['a Twilio key', `SK${of(HEX, 32)}`],
  ['an npm token', `npm_${any(36)}`],
  ['an Anthropic key', `sk-ant-api03-${any(40)}`],
  ['an OpenAI key', `sk-${any(48)}`],
  ['an OpenAI key', `sk-proj-${any(60)}`],
  ['an Azure account key', `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${any(86)}==`],
  ['an Azure client secret', `${any(3)}8Q~${any(34)}`],
  ['a CXone access key', `${of(BASE32, 52)}====`],
  ['a Salesforce session', `00D${any(12)}!${any(96)}`],
  ['a user and password (Basic)', 'Basic YW5uOmh1bnRlcjIy'],
  ['a user and password (Basic)', 'Authorization: basic YW5uOmh1bnRlcjIy'],
  ['a bearer token', 'Bearer tr0ub4dor'],
  ['a bearer token', `curl -H "Authorization: Bearer ${of(SMALL, 32)}" https://example.org`],
  ['a URL with a password in it', 'postgres://ann:hunter22@db.example.org/main'],
];

/** Differ from a credential in one thing that its form demands. */
const NONE: readonly (readonly [why: string, text: string])[] = [
  ['a public key', '-----BEGIN PUBLIC KEY-----'],
  ['a certificate', '-----BEGIN CERTIFICATE-----'],
  ['two parts of a token', `eyJ${any(20)}.eyJ${any(40)}`],
  ['an id too short', `AKIA${of(BASE32, 15)}`],
  ['an id too long', `AKIA${of(BASE32, 17)}`],
  ['a word around it', `xAKIA${of(BASE32, 16)}`],
  ['a name with a prefix', 'ghp_name_of_a_column'],
  ['a publishable key', `pk_live_${any(24)}`],
  ['words with dashes', 'sk-learn-is-not-a-key-at-all'],
  ['an account id', `AC${of(HEX, 32)}`],
  ['base32 of another length', `${of(BASE32, 51)}====`],
  ['a heading', 'Basic configuration of everything'],
  ['a sentence', 'Bearer authentication is required'],
  ['a template', 'Bearer {{ login.access_token }}'],
  ['a placeholder', 'Bearer <token-of-the-tenant>'],
  ['a URL with a user', 'https://ann@example.org/'],
  ['a URL with a port', 'https://example.org:8080/@ann'],
  ['a URL whose password is a template', 'https://ann:{{ input.password }}@example.org/'],
  ['a URL whose password is hidden', 'https://ann:****@example.org/'],
];

describe('findCredential', () => {
  it.each(CREDENTIALS)('finds %s', (what, text) => {
    expect(findCredential(text)).toBe(what);
  });

  it.each(CREDENTIALS.filter(([what]) => what !== 'a bearer token'))('finds %s within a text', (what, text) => {
    expect(findCredential(`Use this: "${text}", please.`)).toBe(what);
  });

  it.each(NONE)('finds nothing in %s', (_why, text) => {
    expect(findCredential(text)).toBeUndefined();
  });

  // Each repetition of a pattern, fed what it repeats: a pattern that is not linear would take hours.
  it.each([
    'eyJa.',
    'eyJ',
    'a://',
    'a://a:',
    'a'.repeat(30),
    '00Daaaaaaaaaaaa!',
    'Basic YWFh ',
    'Bearer a ',
    'SG.',
    'xoxb-',
    '-----BEGIN A ',
    'AKIA',
    'A====',
    'Q~',
    'sk-ant-',
    'hooks.slack.com/services/',
  ])('reads 5 MB of “%s” in seconds', (piece) => {
    const text = piece.repeat(Math.ceil((5 * 1024 * 1024) / piece.length));
    const startMs = performance.now();
    findCredential(`${text} ://====eyJ`);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

describe('maskCredentials', () => {
  it('puts a mark in place of each credential and leaves the rest', () => {
    const [, token] = CREDENTIALS[6]!;
    expect(maskCredentials(`a reads ${token}, ${token} and b.`)).toBe('a reads …, … and b.');
    expect(maskCredentials('nothing here')).toBe('nothing here');
  });

  it('takes one look at a long text: 100,000 different credentials, or as many that are none behind white space', () => {
    const tokens = Array.from({ length: 100_000 }, (_, i) => `ghp_${String(i).padStart(36, 'a')}`).join(' ');
    const words = ' '.repeat(1_000_000) + 'Bearer abcdefgh '.repeat(100_000);
    const startedAtMs = performance.now();
    expect(maskCredentials(tokens)).toBe(Array.from({ length: 100_000 }, () => '…').join(' '));
    expect(maskCredentials(words)).toBe(words);
    // Looked at once each they take a fraction of a second; once for every other one, minutes.
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });

  it('leaves none behind, of all kinds together (property)', () => {
    const piece = fc.oneof(fc.constantFrom(...[...CREDENTIALS, ...NONE].map(([, text]) => text)), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        expect(findCredential(maskCredentials(pieces.join(' ')))).toBeUndefined();
      }),
    );
  });
});

describe('decodeBase64', () => {
  it('gives the text of either alphabet, with and without padding', () => {
    expect(decodeBase64('w7w_')).toBe('ü?');
    expect(decodeBase64('w7w/')).toBe('ü?');
    expect(decodeBase64('YQ==')).toBe('a');
    expect(decodeBase64('YQ')).toBe('a');
    expect(decodeBase64('')).toBe('');
  });

  it('gives nothing for what is no base64, or no text', () => {
    expect(decodeBase64('a')).toBeUndefined();
    expect(decodeBase64('a b=')).toBeUndefined();
    expect(decodeBase64('////')).toBeUndefined();
  });

  it('reads what was written (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeBase64(Buffer.from(text, 'utf8').toString('base64'))).toBe(text);
      }),
    );
  });
});
