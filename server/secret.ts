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
