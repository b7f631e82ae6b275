import type { Contract } from './contract.js';
import { type RunOptions, runCase, skipReason } from './run.js';

/** What is used of Jest, so that nobody who runs the contracts elsewhere needs its types. */
interface JestGlobals {
  readonly describe: (name: string, define: () => void) => void;
  readonly it: ((title: string, run: () => Promise<void>, timeoutMs?: number) => void) & {
    readonly skip: (title: string, run: () => Promise<void>) => void;
  };
}

/**
 * The cases of a contract as Jest tests (or of any runner with global `describe` and `it.skip`). Every case gets a
 * fixture of its own from `setup`; one that the adapter lacks the capability for is skipped with the reason in its title.
 */
export function describeContract<Fixture>(
  contract: Contract<Fixture>,
  setup: () => Promise<Fixture>,
  options: RunOptions<Fixture> = {},
): void {
  const { describe, it } = globalThis as unknown as JestGlobals;
  const { timeoutMs = 30_000 } = options;
  const { skip: without } = it;
  describe(contract.name, () => {
    for (const each of contract.cases) {
      const run = () => runCase(each, setup, { ...options, timeoutMs });
      const reason = skipReason(each, options.capabilities);
      if (reason === null) it(each.title, run, timeoutMs + 1_000);
      else without(`${each.title} (skipped: ${reason})`, run);
    }
  });
}
