import { isJsonArray, isJsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { REDACTED } from '@/server/secret';

/** Shorter values stand in ordinary text too often; redacting them would eat it. */
export const SECRET_LENGTH_MIN = 8;

/** Replaces secrets that this process knows, wherever a tenant echoes them. */
export interface Redactor {
  /** From now on the value is replaced. The oldest are forgotten beyond {@link REMEMBERED_MAX}. */
  readonly learn: (secret: string) => void;
  readonly redactText: (text: string) => string;
  /** The same object when nothing had to be replaced. Keys are text too; a number that is a secret becomes text. */
  readonly redactJson: (value: JsonValue) => JsonValue;
}

/** Tokens renewed over a long life must not pile up; an answer under way still knows the last few. */
const REMEMBERED_MAX = 32;

/** @param permanent Secrets that are never forgotten, such as the client secret. */
export function createRedactor(permanent: readonly string[]): Redactor {
  const forms = (secret: string): string[] =>
    secret.length < SECRET_LENGTH_MIN ? [] : [...new Set([secret, encodeURIComponent(secret), formEncode(secret)])];
  const kept = permanent.flatMap(forms);
  const learned: string[] = [];
  let all = longestFirst(kept);

  function redactText(text: string): string {
    let result = text;
    for (const secret of all) result = result.replaceAll(secret, REDACTED);
    return result;
  }

  function redactJson(value: JsonValue): JsonValue {
    if (typeof value === 'string') return redactText(value);
    if (value instanceof Numeral) {
      const text = redactText(value.text);
      return text === value.text ? value : text;
    }
    if (isJsonArray(value)) {
      const items = value.map(redactJson);
      return items.every((item, i) => item === value[i]) ? value : items;
    }
    if (!isJsonObject(value)) return value;
    let isChanged = false;
    const copy = new Map<string, JsonValue>();
    for (const [key, item] of value) {
      const cleanKey = redactText(key);
      const cleanItem = redactJson(item);
      if (cleanKey !== key || cleanItem !== item) isChanged = true;
      copy.set(cleanKey, cleanItem);
    }
    return isChanged ? copy : value;
  }

  return {
    learn: (secret) => {
      if (learned.includes(secret)) return;
      learned.push(secret);
      if (learned.length > REMEMBERED_MAX) learned.shift();
      all = longestFirst([...kept, ...learned.flatMap(forms)]);
    },
    redactText,
    redactJson,
  };
}

/** A secret that holds another must go first, or its rest would stay. */
const longestFirst = (secrets: readonly string[]): readonly string[] =>
  [...new Set(secrets)].sort((a, b) => b.length - a.length);

const formEncode = (secret: string): string => new URLSearchParams([['', secret]]).toString().slice(1);
