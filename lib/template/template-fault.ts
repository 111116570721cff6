import type { Span } from './syntax';

/** Why a template gives no value. Thrown inside this room only; its doors give it as a value. */
export class TemplateFault extends Error {
  /** The smallest expression at fault; filled in by the first expression that the fault passes through. */
  at: Span | null;

  constructor(message: string, at: Span | null = null) {
    super(message);
    this.at = at;
  }
}
