import { describe, expect, it } from 'vitest';
import { countOfCheck, countOfPlaywright, countOfVitest } from './test-counts.js';

describe('the closing line of verify', () => {
  it('counts a step without tests as one check', () => {
    expect(countOfCheck(0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(countOfCheck(2)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('counts the tests that the runners report', () => {
    const unit = { numPassedTests: 12, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 };
    expect(countOfVitest(unit, 1)).toEqual({ passed: 12, failed: 2, skipped: 2 });
    const browser = { stats: { expected: 7, unexpected: 1, flaky: 0, skipped: 3 } };
    expect(countOfPlaywright(browser, 1)).toEqual({ passed: 7, failed: 1, skipped: 3 });
  });

  it('counts a failure when a file does not even load, so that no test of it failed', () => {
    const report = { numPassedTests: 12, numFailedTests: 0, numPendingTests: 0 };
    expect(countOfVitest(report, 1)).toEqual({ passed: 12, failed: 1, skipped: 0 });
  });

  it('counts a failure when a runner ends without a report', () => {
    expect(countOfVitest(undefined, 0).failed).toBe(1);
    expect(countOfPlaywright(undefined, 0).failed).toBe(1);
  });

  it('counts a failure when no test ran', () => {
    const report = { stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 4 } };
    expect(countOfPlaywright(report, 0)).toEqual({ passed: 0, failed: 1, skipped: 4 });
  });

  it('counts a test that passed only when repeated as failed', () => {
    const report = { stats: { expected: 5, unexpected: 0, flaky: 1, skipped: 0 } };
    expect(countOfPlaywright(report, 0)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });
});
