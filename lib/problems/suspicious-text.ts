import { decodeBase64 } from '@/lib/credential-formats';
import { isPlaceholder, wordsOf } from '@/lib/placeholder';

/** Ends of a key that make it speak *of* a credential: `token_url`, `secret_ref`, `password_policy`. */
const ABOUT: ReadonlySet<string> = new Set(
  (
    'ref refs reference name names id ids type types kind url uri endpoint path file field label hint policy rule rules ' +
    'length size count limit max min expiry expires expiration ttl lifetime age at in on date time timestamp required ' +
    'enabled disabled valid status state mode method algorithm format version env variable prefix pattern description ' +
    'title placeholder prompt question reset change changed rotation consent notice banner accepted preferences'
  ).split(' '),
);
/** A token behind one of these marks a place in a list, or guards a form. */
const HARMLESS_TOKENS: ReadonlySet<string> = new Set(
  'page next previous prev continuation continue cursor sync resume cancellation csrf xsrf'.split(' '),
);
const SENSITIVE_WORDS: ReadonlySet<string> = new Set(
  (
    'password passwords passwd passphrase pwd passcode secret secrets token authorization credential credentials ' +
    'apikey accesskey secretkey privatekey clientsecret authtoken accesstoken refreshtoken bearertoken ' +
    'sessiontoken signingkey apitoken'
  ).split(' '),
);
/** `api_key`, `x-api-key`, `accessKeySecret`: the first word says of which key, the second that it is one. */
const KEY_OF: ReadonlySet<string> = new Set(
  'api access secret private signing encryption account auth subscription master shared ssh client'.split(' '),
);

const KEY_LENGTH_MAX = 200;

/** Whether what stands under a key is a credential by the key's own words: `client_secret`, `apiKey`, `Authorization`. */
export function isSensitiveKey(key: string): boolean {
  if (key.length > KEY_LENGTH_MAX) return false;
  const known = sensitiveByKey.get(key);
  if (known !== undefined) return known;
  if (sensitiveByKey.size >= KEYS_REMEMBERED_MAX) sensitiveByKey.clear();
  const isSensitive = isSensitiveName(key);
  sensitiveByKey.set(key, isSensitive);
  return isSensitive;
}

/** A chain has few keys, over and over. */
const sensitiveByKey = new Map<string, boolean>();
const KEYS_REMEMBERED_MAX = 5_000;

/** Sensitive at the end of a key only: before another word they say of what sort that is. */
const SENSITIVE_LAST_WORDS: ReadonlySet<string> = new Set(['cookie', 'cookies', 'bearer', 'jwt']);

/** The words of a key without numbers at their ends: `password2` is a password as well. */
const wordsOfKey = (key: string): readonly string[] =>
  wordsOf(key).map((word) => word.replace(/(?<=\p{L})\p{N}+$/u, ''));

function isSensitiveName(key: string): boolean {
  const words = wordsOfKey(key);
  const last = words.at(-1);
  if (last === undefined || ABOUT.has(last)) return false;
  if (SENSITIVE_LAST_WORDS.has(last)) return true;
  return words.some((word, index) => {
    const before = words[index - 1] ?? '';
    if (word === 'token') return !HARMLESS_TOKENS.has(before);
    return (
      SENSITIVE_WORDS.has(word) || (word === 'key' && KEY_OF.has(before)) || (word === 'word' && before === 'pass')
    );
  });
}

/** Words that keys give to credentials, and as often to tickets, widths and methods: then the value has to look like one. */
const WEAK_WORDS: ReadonlySet<string> = new Set(['pass', 'pw', 'auth']);

const isWeakKey = (key: string): boolean =>
  key.length <= KEY_LENGTH_MAX && WEAK_WORDS.has(wordsOfKey(key).at(-1) ?? '');

/** One word with letters, and with two digits or a sign that no name has. */
const looksMadeUp = (text: string): boolean =>
  !/\s/.test(text) && /\p{L}/u.test(text) && (/\d.*\d/.test(text) || /[!#$%^&*+=?]/.test(text)) && !DATE.test(text);

const DATE = /\d{4}-\d{2}-\d{2}|^https?:/;

/** Whether a text may be a credential by the key it stands under. */
export const isCredentialUnder = (key: string, text: string): boolean =>
  (isSensitiveKey(key) || (isWeakKey(key) && looksMadeUp(text))) && isCredentialValue(text);

/** Shorter values are words, numbers and examples more often than credentials; shorter secrets are refused elsewhere. */
const VALUE_LENGTH_MIN = 8;

/** Whether a text under a sensitive key may be the credential itself. */
const isCredentialValue = (text: string): boolean => text.trim().length >= VALUE_LENGTH_MIN && !isPlaceholder(text);

/** `token=…` of a query, a form or a connection string, and `"token": "…"` of JSON inside a text. */
const PAIRS = [
  /(?<![\w.-])([A-Za-z][\w.-]{1,60}) ?= ?["']?([^\s;&"'<>{}\\=][^\s;&"'<>{}\\]{7,500})/g,
  /["']([A-Za-z][\w.-]{1,60})\\?["'] ?: ?\\?["']([^\s"'<>{}\\]{8,500})/g,
] as const;

/** `X-Api-Key: …` of headers and notes. In a sentence a word may follow such a name, so the value has to look made up. */
const HEADER = /(?<![\w.-])([A-Za-z][\w-]{1,60}) ?: {0,4}(?:[A-Za-z]{3,10} )?([^\s,;&"'<>{}\\]{8,500})/g;

/** The name in front of a credential inside a text: `api_key` of `https://example.org/?api_key=…`. Undefined when none. */
export function findSensitivePair(text: string): string | undefined {
  if (!/[=:]/.test(text)) return undefined;
  for (const [, name = '', value = ''] of text.matchAll(HEADER)) {
    if (isSensitiveKey(name) && looksMadeUp(value) && isCredentialValue(value)) return name;
  }
  for (const pair of PAIRS) {
    for (const [, name = '', value = ''] of text.matchAll(pair)) {
      if (isCredentialUnder(name, value) || (QUERY_NAMES.has(name.toLowerCase()) && isRandomText(value))) return name;
    }
  }
  return undefined;
}

/** Names that queries give to credentials, and to other things as well. */
const QUERY_NAMES: ReadonlySet<string> = new Set(['key', 'code', 'sig', 'signature', 'auth', 'sas', 'hash', 'pass']);

const RANDOM_LENGTH_MIN = 24;
const RANDOM_LENGTH_MAX = 1024;
/** Bits a character. Words of a language have about 3.5 where random letters and digits of this length have 4.2 and more. */
const ENTROPY_MIN = 3.6;
/**
 * How often a character is of another class than the one before it, a capital before a small letter apart (it begins a
 * word): 44 % in random letters and digits, below 25 % in joined words, even with numbers between them.
 */
const CHANGES_MIN = 0.29;
/** Without capitals, or without small letters, ids of other kinds are as random: only longer ones are told from them. */
const ONE_CASE_LENGTH_MIN = 32;
const ONE_CASE_CHANGES_MIN = 0.22;

/**
 * Whether a text, or a word of it, is long and random: letters and digits without order. UUIDs, hashes in hexadecimal,
 * dates, URLs, paths, joined words and base64 of text are not.
 */
export const isRandomText = (text: string): boolean =>
  text.length >= RANDOM_LENGTH_MIN && text.split(/[\s"'`,;()[\]{}<>|]+/).some(isRandomWord);

/** An id of Salesforce: kind (3), instance (2), a reserved 0, number (9), and often its check sum (3). */
const RECORD_ID = /(?<![A-Za-z0-9])[A-Za-z0-9]{5}0[A-Za-z0-9]{9}(?:[A-Z0-5]{3})?(?![A-Za-z0-9])/g;

function isRandomWord(word: string): boolean {
  if (word.length < RANDOM_LENGTH_MIN || word.length > RANDOM_LENGTH_MAX) return false;
  if (!/^[\w+/=.~!@#$%^&*-]+$/.test(word) || /^[./]/.test(word) || word.includes('://')) return false;
  if (/^[^@]+@[^@]+\.[A-Za-z]{2,}$/.test(word)) return false;
  // UUIDs, hashes and ids of records, in whatever company: what is left without them has to be random by itself.
  const rest = word
    .replaceAll(/(?<![A-Za-z0-9])[0-9A-Fa-f]{8,}(?:-[0-9A-Fa-f]{4,}){0,8}(?![A-Za-z0-9])/g, '')
    .replaceAll(RECORD_ID, '');
  if (!/\d/.test(rest) || !/[A-Za-z]/.test(rest)) return false;
  const isMixed = /[a-z]/.test(rest) && /[A-Z]/.test(rest);
  if (rest.length < (isMixed ? RANDOM_LENGTH_MIN : ONE_CASE_LENGTH_MIN)) return false;
  if (entropyOf(rest) < ENTROPY_MIN) return false;
  return (
    shareOfChanges(rest) >= (isMixed ? CHANGES_MIN : ONE_CASE_CHANGES_MIN) &&
    !isBase64OfText(rest) &&
    !isPlaceholder(word)
  );
}

function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function shareOfChanges(text: string): number {
  let pairs = 0;
  let changes = 0;
  for (let i = 1; i < text.length; i++) {
    const [left, right] = [classOf(text.charCodeAt(i - 1)), classOf(text.charCodeAt(i))];
    if (left === 'other' || right === 'other') continue;
    pairs++;
    if (left !== right && !(left === 'capital' && right === 'small')) changes++;
  }
  return pairs === 0 ? 0 : changes / pairs;
}

function classOf(code: number): 'digit' | 'capital' | 'small' | 'other' {
  if (code >= 0x30 && code <= 0x39) return 'digit';
  if (code >= 0x41 && code <= 0x5a) return 'capital';
  return code >= 0x61 && code <= 0x7a ? 'small' : 'other';
}

/** Random bytes almost never make UTF-8, let alone printable text. */
function isBase64OfText(word: string): boolean {
  const text = decodeBase64(word);
  return text !== undefined && !/[^\P{Cc}\t\r\n]/u.test(text);
}
