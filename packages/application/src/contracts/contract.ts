/**
 * What an adapter may lack without being wrong. Everything else is owed by every adapter, above all rollback,
 * versions, exact results under concurrency, and locks that exclude.
 * - `concurrent transactions`: several transactions can be open at once, so that one can meet the locks of another.
 *   Stores that run one transaction after the other lack it.
 */
export type Capability = 'concurrent transactions';

/** One sentence about a port, and what proves it. */
export interface ContractCase<Fixture> {
  readonly title: string;
  /** Without this capability the case is skipped, and says so. */
  readonly needs?: Capability;
  /**
   * @param fixture a fresh one, which no other case has touched
   * @param another makes one more, when the case is about what two of them share: nothing
   * @throws AssertionError when the adapter breaks the sentence
   */
  run(fixture: Fixture, another: () => Promise<Fixture>): Promise<void>;
}

/** All that is asked of an adapter of one port, in any test runner. */
export interface Contract<Fixture> {
  readonly name: string;
  readonly cases: readonly ContractCase<Fixture>[];
}

/** The cases of a contract by their sentences; `needs` names the capability of the few that ask for one. */
export const contract = <Fixture>(
  name: string,
  cases: Readonly<Record<string, ContractCase<Fixture>['run']>>,
  needs: Readonly<Record<string, Capability>> = {},
): Contract<Fixture> => ({
  name,
  cases: Object.entries(cases).map(([title, run]) => {
    const capability = needs[title];
    return capability ? { title, needs: capability, run } : { title, run };
  }),
});
