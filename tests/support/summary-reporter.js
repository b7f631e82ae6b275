const SHOWN = 12;

/** What took longest, and as the last line of a run what came of it: for people and for scripts. */
export default class SummaryReporter {
  onRunComplete(
    _contexts,
    { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults },
  ) {
    const took = testResults.map(({ testFilePath, perfStats: { start, end } }) => ({
      file: testFilePath.slice(process.cwd().length + 1),
      seconds: (end - start) / 1_000,
    }));
    if (took.length > SHOWN) {
      const slowest = took.sort((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
      console.log(['slowest:', ...slowest.map(({ file, seconds }) => `${seconds.toFixed(1)} s ${file}`)].join('\n  '));
    }
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
  }
}
