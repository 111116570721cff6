import { type JsonValue, Numeral } from '@/lib/json/value';
import { partsAt, type Variant } from '@/lib/schema/schema-variants';
import type { Chance } from './chance';

/** Longer texts are not made: a schema may ask for a thousand million characters. */
const TEXT_LENGTH_MAX = 10_000;
/** How far numbers without a bound on one side reach beyond the other. */
const SPAN = 1000;
const DECIMALS_MAX = 15;

/**
 * A text of the variant's format, or else one that its field's name suggests, as long as the variant's bounds say.
 *
 * @returns Undefined when no text of that length was found: a date has as many characters as it has.
 */
export function makeText(variant: Variant, fieldName: string, chance: Chance): string | undefined {
  const lengthMin = Math.max(0, ...numbersAt(variant, 'minLength'));
  const lengthMax = Math.min(TEXT_LENGTH_MAX, ...numbersAt(variant, 'maxLength'));
  if (lengthMin > lengthMax) return undefined;
  const formats = partsAt(variant, 'format');
  for (const [format, make] of TEXT_OF_FORMAT) {
    if (!formats.includes(format)) continue;
    const text = make(chance);
    const missing = lengthMin - text.length;
    const long =
      missing <= 0 ? text : EXTENSIBLE_AT_END.has(format) ? text.padEnd(lengthMin, 'x') : extend(format, text, missing);
    return long.length >= lengthMin && long.length <= lengthMax ? long : undefined;
  }
  const text = makeNamedText(fieldName, chance).padEnd(lengthMin, 'x').slice(0, lengthMax);
  return text.replace(/ $/, 'x');
}

/** An address grows by its user's name, which may have 64 characters; nothing else with a format can grow. */
const extend = (format: string, text: string, by: number): string =>
  format === 'email' && text.indexOf('@') + by <= 64 ? `${'x'.repeat(by)}${text}` : text;

const EXTENSIBLE_AT_END: ReadonlySet<string> = new Set(['uri', 'url', 'uri-reference', 'iri']);

const hexDigits = (count: number, chance: Chance): string =>
  Array.from({ length: count }, () => chance.whole(0, 15).toString(16)).join('');

const makeUuid = (chance: Chance): string =>
  [
    hexDigits(8, chance),
    hexDigits(4, chance),
    `4${hexDigits(3, chance)}`,
    `8${hexDigits(3, chance)}`,
    hexDigits(12, chance),
  ].join('-');
const makeEmail = (chance: Chance): string => `${chance.pick(PEOPLE).replace(' ', '.').toLowerCase()}@example.com`;
const makeUrl = (chance: Chance): string => `https://example.com/${chance.digits(5)}`;
const makeDate = (chance: Chance): string => chance.instant().slice(0, 10);
const makeTime = (chance: Chance): string => chance.instant().slice(11);
const makePhone = (chance: Chance): string => `+120655501${chance.digits(2)}`;
const makeAddress = (chance: Chance): string => `192.0.2.${chance.whole(1, 254)}`;
const makeHost = (chance: Chance): string => `host-${chance.digits(3)}.example.com`;

const PEOPLE = ['Ada Adler', 'Bruno Castro', 'Elena Fischer', 'Grace Okafor', 'Hugo Ito', 'Leila Baker'] as const;

/** The first that the schema names wins. */
const TEXT_OF_FORMAT: ReadonlyMap<string, (chance: Chance) => string> = new Map([
  ['date-time', (chance) => chance.instant()],
  ['date', makeDate],
  ['time', makeTime],
  ['duration', (chance) => `PT${chance.whole(1, 59)}M`],
  ['email', makeEmail],
  ['uuid', makeUuid],
  ['ipv4', makeAddress],
  ['ipv6', (chance) => `2001:db8::${hexDigits(4, chance)}`],
  ['uri', makeUrl],
  ['url', makeUrl],
  ['iri', makeUrl],
  ['uri-reference', (chance) => `/${chance.digits(5)}`],
  ['hostname', makeHost],
]);

/** What a field is likely to hold by the last words of its name; the first that fits. */
const TEXT_OF_NAME: readonly (readonly [RegExp, (chance: Chance, words: readonly string[]) => string])[] = [
  [/\b(?:id|uuid|guid)$/, (chance, words) => `${(words.at(-2) ?? 'id').slice(0, 4).toUpperCase()}-${chance.digits(5)}`],
  [/\be ?mail(?: address)?$/, makeEmail],
  [/\b(?:phone|mobile|ani|phone number|callback number)$/, makePhone],
  [/\b(?:url|uri|link|href)$/, makeUrl],
  [/\b(?:date|day)$/, makeDate],
  [/\b(?:at|time|timestamp|datetime)$/, (chance) => chance.instant()],
  [/\b(?:name|agent|customer|contact|owner)$/, (chance) => chance.pick(PEOPLE)],
  [/\blanguage$/, (chance) => chance.pick(['en-US', 'de-DE', 'fr-FR', 'es-ES'])],
];

/** Where nothing suggests more, the text names its field, so that whoever meets it further down knows where it came from. */
function makeNamedText(fieldName: string, chance: Chance): string {
  const words = fieldName
    .slice(0, 60)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const name = words.join(' ');
  const found = TEXT_OF_NAME.find(([pattern]) => pattern.test(name));
  return found === undefined ? `${name === '' ? 'text' : name} ${chance.digits(2)}` : found[1](chance, words);
}

/**
 * A number within the variant's bounds and on its steps, with two decimals where the bounds leave room for them.
 *
 * @returns Undefined when the bounds leave no number.
 */
export function makeNumber(variant: Variant, isWhole: boolean, chance: Chance): Numeral | undefined {
  const step = Math.max(0, ...numbersAt(variant, 'multipleOf').filter((size) => size > 0 && Number.isFinite(size)));
  const bounds = boundsOf(variant, Math.max(SPAN, step));
  if (step > 0) return makeMultiple(bounds, step, chance);
  return isWhole ? makeMultiple(bounds, 1, chance) : makeDecimal(bounds, chance);
}

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly isLeastOpen: boolean;
  readonly isMostOpen: boolean;
}

/** @param span how far to go on a side without a bound. */
function boundsOf({ parts }: Variant, span: number): Bounds {
  let [least, most] = [-Infinity, Infinity];
  let [isLeastOpen, isMostOpen] = [false, false];
  const raise = (to: number, isOpen: boolean): void => {
    if (to < least || (to === least && !isOpen)) return;
    [least, isLeastOpen] = [to, isOpen];
  };
  const lower = (to: number, isOpen: boolean): void => {
    if (to > most || (to === most && !isOpen)) return;
    [most, isMostOpen] = [to, isOpen];
  };
  for (const part of parts) {
    const at = (keyword: string, use: (bound: number) => void): void => {
      const bound = part.get(keyword);
      if (bound instanceof Numeral) use(bound.toNumber());
    };
    // Up to draft-04, `exclusiveMinimum: true` opens the bound that `minimum` gives.
    at('minimum', (bound) => raise(bound, part.get('exclusiveMinimum') === true));
    at('maximum', (bound) => lower(bound, part.get('exclusiveMaximum') === true));
    at('exclusiveMinimum', (bound) => raise(bound, true));
    at('exclusiveMaximum', (bound) => lower(bound, true));
  }
  return { ...withSpan(least, most, span), isLeastOpen, isMostOpen };
}

/** A side without a bound, or one that no double can hold, is drawn near the other. */
function withSpan(least: number, most: number, span: number): { readonly least: number; readonly most: number } {
  const [hasLeast, hasMost] = [Number.isFinite(least), Number.isFinite(most)];
  if (hasLeast && hasMost) return { least, most: Number.isFinite(most - least) ? most : least + span };
  if (hasLeast) return { least, most: least + span };
  if (hasMost) return { least: most - span, most };
  return { least: 0, most: span };
}

function makeMultiple(
  { least, most, isLeastOpen, isMostOpen }: Bounds,
  step: number,
  chance: Chance,
): Numeral | undefined {
  const first = isLeastOpen ? Math.floor(least / step) + 1 : Math.ceil(least / step);
  const last = isMostOpen ? Math.ceil(most / step) - 1 : Math.floor(most / step);
  if (first > last) return undefined;
  const value = Math.min(chance.whole(first, last), last) * step;
  if (!Number.isFinite(value)) return undefined;
  return Number.isInteger(step) ? Numeral.of(value) : new Numeral(value.toFixed(decimalsOf(step)));
}

function makeDecimal({ least, most, isLeastOpen, isMostOpen }: Bounds, chance: Chance): Numeral | undefined {
  if (least > most) return undefined;
  if (least === most) return isLeastOpen || isMostOpen ? undefined : Numeral.of(least);
  const decimals = Math.min(DECIMALS_MAX, Math.max(2, Math.ceil(-Math.log10(most - least)) + 2));
  const isWithin = (value: number): boolean =>
    (isLeastOpen ? value > least : value >= least) && (isMostOpen ? value < most : value <= most);
  const drawn = chance.decimal(least, most, decimals);
  if (isWithin(drawn.toNumber())) return drawn;
  const middle = least + (most - least) / 2;
  return isWithin(middle) ? Numeral.of(middle) : undefined;
}

const decimalsOf = (step: number): number => {
  const [mantissa = '', exponent = '0'] = String(step).split('e');
  const decimals = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  return Math.min(100, Math.max(0, decimals));
};

export const numbersAt = (variant: Variant, keyword: string): readonly number[] =>
  partsAt(variant, keyword).flatMap((value: JsonValue) => (value instanceof Numeral ? [value.toNumber()] : []));
