/**
 * How many checks passed, by the reports of the test runners. A step that failed always counts at least one failure,
 * whatever its report says, and a step without a single test has failed.
 *
 * @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Count
 */

/**
 * A step without tests of its own: one check.
 *
 * @param {number} exitCode @returns {Count}
 */
export function countOfCheck(exitCode) {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number } | undefined} report
 *   vitest's JSON report; undefined when there is none
 * @param {number} exitCode @returns {Count}
 */
export function countOfVitest(report, exitCode) {
  if (report === undefined) return countOfCheck(1);
  return withHonestFailures(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    },
    exitCode,
  );
}

/**
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } } | undefined} report
 *   Playwright's JSON report; undefined when there is none
 * @param {number} exitCode @returns {Count}
 */
export function countOfPlaywright(report, exitCode) {
  if (report === undefined) return countOfCheck(1);
  const { expected, unexpected, flaky, skipped } = report.stats;
  return withHonestFailures({ passed: expected, failed: unexpected + flaky, skipped }, exitCode);
}

/** @param {Count} count @param {number} exitCode @returns {Count} */
function withHonestFailures(count, exitCode) {
  const hasFailed = exitCode !== 0 || count.passed === 0;
  return hasFailed && count.failed === 0 ? { ...count, failed: 1 } : count;
}
