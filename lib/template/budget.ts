import { TemplateFault } from './template-fault';

/** What one template may use. The same on every machine, so that a chain that runs here runs everywhere. */
export const STEPS_MAX = 200_000;
/** One unit is one character or one item of something the template makes. */
export const ALLOCATION_MAX = 4_000_000;
/** Characters that a template prints. */
export const OUTPUT_MAX = 1_000_000;
/** Lists and dicts inside each other that a template walks through. */
export const DEPTH_MAX = 60;

/** A miscalculated charge must end an evaluation, never pay something back. */
const atLeastZero = (charge: number): number => (charge >= 0 ? charge : Number.NaN);

/** A template used up one of its limits. */
export class BudgetFault extends TemplateFault {}

/**
 * Counts what an evaluation uses; the first limit that is passed is a fault with its name. Operations charge before
 * they work, so `'a' * 10 ** 9` costs nothing but the refusal.
 */
export class Budget {
  #steps = 0;
  #allocation = 0;
  #output = 0;
  #depth = 0;

  get steps(): number {
    return this.#steps;
  }

  get allocation(): number {
    return this.#allocation;
  }

  step(count = 1): void {
    this.#steps += atLeastZero(count);
    // Asked this way round, not-a-number is refused too.
    if (!(this.#steps <= STEPS_MAX)) {
      throw new BudgetFault(`The template takes more than ${STEPS_MAX.toLocaleString('en-US')} steps.`);
    }
  }

  /** For work that grows with the length of a text and makes nothing. */
  scan(length: number): void {
    this.step(Math.floor(length / 1000));
  }

  allocate(units: number): void {
    this.#allocation += atLeastZero(units);
    if (!(this.#allocation <= ALLOCATION_MAX)) {
      throw new BudgetFault(
        `The template makes values of more than ${ALLOCATION_MAX.toLocaleString('en-US')} characters and items.`,
      );
    }
  }

  output(length: number): void {
    this.#output += atLeastZero(length);
    if (!(this.#output <= OUTPUT_MAX)) {
      throw new BudgetFault(`The template prints more than ${OUTPUT_MAX.toLocaleString('en-US')} characters.`);
    }
  }

  /** Runs one level deeper into a value. */
  deeper<T>(work: () => T): T {
    if (this.#depth >= DEPTH_MAX) {
      throw new BudgetFault(`The template walks through a value nested deeper than ${DEPTH_MAX} levels.`);
    }
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }
}
