import type { Capability, Contract, ContractCase } from './contract.js';

export interface RunOptions<Fixture> {
  /** What the adapter can do beyond what every adapter owes. Default: all of it. */
  readonly capabilities?: readonly Capability[];
  /** Gives back what `setup` made, after every case. */
  readonly teardown?: (fixture: Fixture) => Promise<void> | void;
  /** A case that takes longer has failed. Default: 30,000. */
  readonly timeoutMs?: number;
}

export type CaseResult =
  | { readonly title: string; readonly outcome: 'PASSED' }
  | { readonly title: string; readonly outcome: 'FAILED'; readonly error: unknown }
  | { readonly title: string; readonly outcome: 'SKIPPED'; readonly reason: string };

const allCapabilities: readonly Capability[] = ['concurrent transactions'];

/** Why a case does not apply to an adapter; null = it does. */
export const skipReason = <Fixture>(
  { needs }: ContractCase<Fixture>,
  capabilities: readonly Capability[] = allCapabilities,
): string | null => (needs === undefined || capabilities.includes(needs) ? null : `needs ${needs}`);

/** Runs one case on a fixture of its own. @throws what the case throws, or an error after `timeoutMs` */
export async function runCase<Fixture>(
  { title, needs, run }: ContractCase<Fixture>,
  setup: () => Promise<Fixture>,
  { teardown, timeoutMs = 30_000 }: RunOptions<Fixture> = {},
): Promise<void> {
  const made: Fixture[] = [];
  const fresh = async () => {
    const fixture = await setup();
    made.push(fixture);
    return fixture;
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const hint = needs ? ` (a store without ${needs} leaves that out of its capabilities)` : '';
    timer = setTimeout(() => reject(new Error(`no end after ${timeoutMs} ms: ${title}${hint}`)), timeoutMs);
  });
  try {
    await Promise.race([run(await fresh(), fresh), late]);
  } finally {
    clearTimeout(timer);
    for (const fixture of made) await teardown?.(fixture);
  }
}

/** Runs a whole contract without any test runner, one case after the other. Never throws: read the results. */
export async function runContract<Fixture>(
  { cases }: Contract<Fixture>,
  setup: () => Promise<Fixture>,
  options: RunOptions<Fixture> = {},
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of cases) {
    const { title } = each;
    const reason = skipReason(each, options.capabilities);
    if (reason !== null) results.push({ title, outcome: 'SKIPPED', reason });
    else
      results.push(
        await runCase(each, setup, options).then(
          (): CaseResult => ({ title, outcome: 'PASSED' }),
          (error: unknown): CaseResult => ({ title, outcome: 'FAILED', error }),
        ),
      );
  }
  return results;
}
