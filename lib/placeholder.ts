/** The words of a name or value, in small letters: `clientSecret`, `CLIENT_SECRET` and `client-secret` give the same. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** Any one of them says that something else is to be written here. */
const TELLING: ReadonlySet<string> = new Set(
  'your changeme placeholder example sample dummy redacted todo tbd fixme replaceme here'.split(' '),
);

/** A text of these words alone names what should stand there. */
const NAMING: ReadonlySet<string> = new Set(
  (
    'a access account add admin an and api apikey app auth authorization basic bearer change client code credential ' +
    'credentials default empty enter false field for from grant header hidden id in input insert is key literal login me ' +
    'missing must my name new no none not null of on oauth oauth2 optional or passphrase passwd password pin private ' +
    'provided put replace required secret service session set shared string text the this to token true type undefined ' +
    'unknown unset user username value with'
  ).split(' '),
);

const IN_BRACKETS = /^(?:<.*>|\[.*\]|\{.*\}|\(.*\)|\$\{.*\}|\$[A-Za-z_]\w*|%\w+%|__\w+__|@@.*@@|#\{.*\})$/s;

/** Longer texts name nothing. */
const LENGTH_MAX = 200;

/** Whether a text only marks the place of a value: `<your token>`, `${TOKEN}`, `xxxxxxxx`, `changeme`, `your-api-key`. */
export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > LENGTH_MAX) return false;
  if (IN_BRACKETS.test(trimmed)) return true;
  if (new Set(trimmed.replaceAll(/[\s_.-]/g, '').toLowerCase()).size <= 1) return true;
  const words = wordsOf(trimmed);
  return words.some((word) => TELLING.has(word)) || words.every((word) => NAMING.has(word));
}
