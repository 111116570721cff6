import { isPlaceholder } from './placeholder';

/** A form that credentials of one kind have, and that next to nothing else has. */
interface CredentialFormat {
  /** For a sentence: `holds …`. */
  readonly what: string;
  /** One of these stands in every text that the pattern finds; almost no other text has any. */
  readonly hints: readonly string[];
  /**
   * Takes linear time on any text: every repetition has a bound, and a match begins only where the run of characters that
   * it repeats begins.
   */
  readonly pattern: RegExp;
  /** Of a match: whether it is one after all. */
  readonly isOne?: (match: RegExpExecArray) => boolean;
}

const FORMATS: readonly CredentialFormat[] = [
  {
    // RFC 7468 (PKCS #1, PKCS #8, SEC 1, encrypted ones too), OpenSSH's PROTOCOL.key, RFC 9580 for PGP.
    what: 'a private key',
    hints: ['-----BEGIN '],
    pattern: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/,
  },
  {
    // RFC 7519 in the compact form of RFC 7515, signed: two JSON objects in base64url, then the signature.
    what: 'a JSON Web Token',
    hints: ['eyJ'],
    pattern: /(?<![\w-])eyJ[\w-]{5,4096}\.eyJ[\w-]{5,16384}\.[\w-]{10,4096}(?![\w-])/,
  },
  {
    // AWS IAM user guide, "IAM identifiers": AKIA for access keys, ASIA for temporary ones, 20 characters of base32.
    what: 'an AWS access key id',
    hints: ['AKIA', 'ASIA'],
    pattern: /(?<![A-Za-z0-9])A(?:K|S)IA[A-Z2-7]{16}(?![A-Za-z0-9])/,
  },
  {
    // github.blog, "Behind GitHub's new authentication token formats" (2021): prefix, underscore, at least 36 characters.
    what: 'a GitHub token',
    hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{36,255})(?![A-Za-z0-9_])/,
  },
  {
    // docs.gitlab.com, "Token overview", section "Token prefixes".
    what: 'a GitLab token',
    hints: [
      'glpat-',
      'gldt-',
      'glrt-',
      'glrtr-',
      'glcbt-',
      'glptt-',
      'glft-',
      'glimt-',
      'glagent-',
      'gloas-',
      'glsoat-',
    ],
    pattern: /(?<![\w.-])gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat)-[\w.-]{20,300}(?![\w.-])/,
  },
  {
    // docs.slack.dev, "Tokens": bot, user, app-level, configuration and workflow tokens; and the URL of a webhook.
    what: 'a Slack token',
    hints: ['xoxb', 'xoxp', 'xoxa', 'xoxe', 'xoxo', 'xoxr', 'xoxs', 'xapp-', 'xwfp-'],
    pattern: /(?<![\w.-])(?:xox[abeoprs][.-]|xapp-|xwfp-)[A-Za-z0-9.-]{10,300}(?![\w.-])/,
    isOne: ([text]) => /\d/.test(text),
  },
  {
    // docs.slack.dev, "Sending messages using incoming webhooks": whoever knows the URL may post.
    what: 'the URL of a Slack webhook',
    hints: ['hooks.slack.com/'],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{20,200}/,
  },
  {
    // docs.stripe.com, "API keys": secret and restricted keys, live and test; publishable keys are no secrets.
    what: 'a Stripe key',
    hints: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'],
    pattern: /(?<![A-Za-z0-9_])[sr]k_(?:live|test)_[A-Za-z0-9]{10,250}(?![A-Za-z0-9_])/,
  },
  {
    // The Standard Webhooks specification, "Signature scheme", and docs.stripe.com, "Verify webhook signatures".
    what: 'a signing secret',
    hints: ['whsec_'],
    pattern: /(?<![A-Za-z0-9_])whsec_[A-Za-z0-9+/=]{16,250}(?![A-Za-z0-9+/=])/,
  },
  {
    // docs.cloud.google.com, "API keys" (39 characters); OAuth 2.0 client secrets and tokens as Google's servers give them.
    what: 'a Google key or token',
    hints: ['AIza', 'GOCSPX-', 'ya29.', '1//0'],
    pattern: /(?<![\w/-])(?:AIza[\w-]{35}|GOCSPX-[\w-]{28}|ya29\.[\w-]{20,2048}|1\/\/0[\w-]{30,512})(?![\w-])/,
  },
  {
    // twilio.com/docs/sendgrid, "API keys": SG, 22 and 43 characters of base64url.
    what: 'a SendGrid key',
    hints: ['SG.'],
    pattern: /(?<![\w.-])SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/,
  },
  {
    // twilio.com/docs, "API keys": SK and 32 hexadecimal digits. An account's id (AC…) is no secret.
    what: 'a Twilio key',
    hints: ['SK'],
    pattern: /(?<![A-Za-z0-9_])SK[0-9a-f]{32}(?![A-Za-z0-9_])/,
  },
  {
    // github.blog, "npm has a new access token format" (2021): npm_ and 36 characters.
    what: 'an npm token',
    hints: ['npm_'],
    pattern: /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/,
  },
  {
    // docs.anthropic.com, "Getting started": x-api-key, sk-ant- with kind and version.
    what: 'an Anthropic key',
    hints: ['sk-ant-'],
    pattern: /(?<![\w-])sk-ant-[\w-]{20,300}(?![\w-])/,
  },
  {
    // platform.openai.com, "API keys": keys of projects, service accounts and administrators, and the older bare form.
    what: 'an OpenAI key',
    hints: ['sk-'],
    pattern: /(?<![\w-])sk-(?:(?:proj|svcacct|admin|None)-[\w-]{20,300}|[A-Za-z0-9]{20,100})(?![\w-])/,
    isOne: ([text]) => /\d/.test(text),
  },
  {
    // learn.microsoft.com, "Configure Azure Storage connection strings": 64 bytes of base64; Service Bus keys have 32.
    what: 'an Azure account key',
    hints: ['AccountKey=', 'SharedAccessKey='],
    pattern: /(?:AccountKey|SharedAccessKey)=(?:[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{43}=)/,
  },
  {
    // learn.microsoft.com, Purview's "Azure AD client secret" entity: three characters, a digit, Q~, 31 to 34 more.
    what: 'an Azure client secret',
    hints: ['Q~'],
    pattern: /(?<![\w.~-])[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/,
  },
  {
    // developer.niceincontact.com, "Access key authentication": id and secret are 32 bytes each, in base32 of RFC 4648.
    what: 'a CXone access key',
    hints: ['===='],
    pattern: /(?<![A-Z2-7])[A-Z2-7]{52}====(?!=)/,
  },
  {
    // help.salesforce.com, "Session IDs": the organisation's id, an exclamation mark, and the session.
    what: 'a Salesforce session',
    hints: ['00D'],
    pattern: /(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}![\w.]{60,250}/,
  },
  {
    // RFC 7617: user and password with a colon between them, in base64.
    what: 'a user and password (Basic)',
    hints: ['asic ', 'ASIC '],
    pattern: /(?<![A-Za-z])[Bb](?:asic|ASIC) {1,4}([A-Za-z0-9+/]{8,1024}={0,2})(?![A-Za-z0-9+/=])/,
    isOne: ([, credentials]) => /^[^:\p{Cc}]*:/u.test(decodeBase64(credentials ?? '') ?? ''),
  },
  {
    // RFC 6750, section 2.1. Within a sentence a digit and some length tell a token from a word.
    what: 'a bearer token',
    hints: ['earer ', 'EARER '],
    pattern: /(?<![A-Za-z])[Bb](?:earer|EARER) {1,4}([\w.~+/-]{8,4096}={0,4})(?![\w.~+/=-])/,
    isOne: ({ 0: match, 1: token = '', input }) =>
      !isPlaceholder(token) && (isWhole(match, input) || (token.length >= 16 && /\d/.test(token))),
  },
  {
    // RFC 3986, section 3.2.1: the user part of a URL should hold no password.
    what: 'a URL with a password in it',
    hints: ['://'],
    pattern:
      /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/[^\s/?#@:{}"'<>\\]{0,200}:([^\s/?#@{}"'<>\\]{1,200})@[^\s@/]/,
    isOne: ([, password]) => !/^(?:\*+|x+|X+|\.+|\$\w+|%\w+%)$/.test(password ?? ''),
  },
];

/** Around a match, more white space than this is not looked through: each of very many matches would be trimmed for. */
const MARGIN_MAX = 200;

const isWhole = (match: string, input: string): boolean =>
  input.length <= match.length + MARGIN_MAX && match === input.trim();

const HINTS = new RegExp(
  FORMATS.flatMap(({ hints }) => hints)
    .map((hint) => hint.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|'),
);

/** Shorter texts hold no credential of a known form. */
const LENGTH_MIN = 10;

/**
 * What kind of credential stands somewhere in a text, by its form, for a sentence: `a GitHub token`. Undefined when none
 * does. Linear in the length of the text, and one look for texts without a sign of any.
 */
export function findCredential(text: string): string | undefined {
  if (text.length < LENGTH_MIN || !HINTS.test(text)) return undefined;
  for (const { what, hints, pattern, isOne } of FORMATS) {
    if (!hints.some((hint) => text.includes(hint))) continue;
    if (isOne === undefined ? pattern.test(text) : someMatch(text, pattern, isOne)) return what;
  }
  return undefined;
}

/** Matches looked at in one text: a manual full of examples is no reason to read it for ever. */
const MATCHES_MAX = 1000;

function someMatch(text: string, pattern: RegExp, isOne: (match: RegExpExecArray) => boolean): boolean {
  let looks = 0;
  for (const match of text.matchAll(new RegExp(pattern, 'g'))) {
    if (isOne(match)) return true;
    if (++looks >= MATCHES_MAX) return false;
  }
  return false;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The text that base64 (either alphabet) stands for; undefined when it is none, or stands for bytes that are no text. */
export function decodeBase64(text: string): string | undefined {
  const digits = text
    .replace(/={1,2}$/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  if (digits.length % 4 === 1) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (const digit of digits) {
    const value = BASE64.indexOf(digit);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes.push((bits >> bitCount) & 0xff);
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}

/**
 * A text for people with `…` where a credential of a known form stands: messages repeat names that people wrote. Linear
 * in the length of the text, whatever stands in it.
 */
export function maskCredentials(text: string): string {
  let masked = text;
  for (let round = 0; findCredential(masked) !== undefined; round++) {
    // What shows a new credential each time the last one is masked was made to: nothing of it is told.
    if (round === MASKING_ROUNDS_MAX) return '…';
    for (const format of FORMATS) masked = maskFormat(masked, format);
  }
  return masked;
}

/** One is enough for nearly every text: only what stood right beside a credential can be one without it. */
const MASKING_ROUNDS_MAX = 5;

function maskFormat(text: string, { hints, pattern, isOne }: CredentialFormat): string {
  if (!hints.some((hint) => text.includes(hint))) return text;
  let masked = '';
  let copied = 0;
  for (const match of text.matchAll(new RegExp(pattern, 'g'))) {
    if (isOne !== undefined && !isOne(match)) continue;
    masked += `${text.slice(copied, match.index)}…`;
    copied = match.index + match[0].length;
  }
  return masked + text.slice(copied);
}
