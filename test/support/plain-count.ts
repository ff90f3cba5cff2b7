import type { Reporter, SerializedError, TestModule } from "vitest/node";

/**
 * Closes a run with one line that a script can read: `tests: 412 passed, 0 failed, 3 skipped`. A file that would not load and an
 * error outside any test count as failed, so that a run with nothing but those does not look empty.
 */
export class PlainCount implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    let passed = 0;
    let skipped = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped += 1;
      }
    }
    process.stdout.write(`\ntests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
