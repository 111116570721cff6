import { describe, expect, it } from 'vitest';
import { ALLOCATION_MAX, Budget, BudgetFault, DEPTH_MAX, OUTPUT_MAX, STEPS_MAX } from './budget';

describe('a budget', () => {
  it.each([
    ['steps', (budget: Budget, count: number) => budget.step(count), STEPS_MAX, '200,000 steps'],
    ['allocation', (budget: Budget, count: number) => budget.allocate(count), ALLOCATION_MAX, '4,000,000 characters'],
    ['output', (budget: Budget, count: number) => budget.output(count), OUTPUT_MAX, '1,000,000 characters'],
  ] as const)('lets %s reach its limit and names it beyond', (_, charge, limit, name) => {
    const budget = new Budget();
    charge(budget, limit - 1);
    charge(budget, 1);
    expect(() => charge(budget, 1)).toThrow(BudgetFault);
    expect(() => charge(new Budget(), limit + 1)).toThrow(name);
  });

  it.each([Number.NaN, -1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])(
    'ends an evaluation that charges %s',
    (charge) => {
      expect(() => new Budget().step(charge)).toThrow(BudgetFault);
      expect(() => new Budget().allocate(charge)).toThrow(BudgetFault);
      expect(() => new Budget().output(charge)).toThrow(BudgetFault);
    },
  );

  it('counts a step for a thousand characters read', () => {
    const budget = new Budget();
    budget.scan(999);
    expect(budget.steps).toBe(0);
    budget.scan(5000);
    expect(budget.steps).toBe(5);
  });

  it('counts levels while they are open, also when work throws', () => {
    const budget = new Budget();
    const descend = (levels: number): number => (levels === 0 ? 0 : budget.deeper(() => 1 + descend(levels - 1)));
    expect(descend(DEPTH_MAX)).toBe(DEPTH_MAX);
    expect(() => descend(DEPTH_MAX + 1)).toThrow('deeper than 60 levels');
    expect(descend(DEPTH_MAX)).toBe(DEPTH_MAX);
  });
});
