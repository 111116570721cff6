/**
 * A value that nobody prints by accident: as text, in JSON, in `console.log` and in a log line it shows `<redacted>`.
 * Only {@link Secret.reveal} gives it, so every place that reads a secret is found by that one word.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

/** What stands where a secret stood. */
export const REDACTED = '<redacted>';

const VARIABLE = /^CHAINWRIGHT_SECRET_([A-Z][A-Z0-9_]{0,63})$/;

/** What `secret_ref` of a document can name: variables `CHAINWRIGHT_SECRET_…` that are not empty. Alphabetical. */
export const findSecretNames = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(environment)
    .flatMap(([variable, value]) => (value === undefined || value === '' ? [] : (VARIABLE.exec(variable)?.[1] ?? [])))
    .sort();
