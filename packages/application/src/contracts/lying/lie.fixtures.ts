import type { InMemoryAdapters } from '../../memory/index.js';
import type { StoreFixture } from '../all-contracts.js';

/** An adapter that breaks its contract in one way, and the cases that must notice. */
export interface Lie {
  readonly name: string;
  /** Name of the contract that is run on it. */
  readonly contract: string;
  /** Titles of cases that must fail; others may fail too. */
  readonly caughtBy: readonly string[];
  /** The ports that lie, in front of an honest store. */
  tell(store: InMemoryAdapters): Partial<StoreFixture>;
}

/** The same port but for some methods. */
export const lying = <Port extends object>(port: Port, methods: Partial<Port>): Port =>
  Object.assign(Object.create(port) as Port, methods);

/** Lies about one contract. */
export const liesAbout = (
  contract: string,
  lies: Readonly<Record<string, { tell: Lie['tell']; caughtBy: readonly string[] }>>,
): readonly Lie[] => Object.entries(lies).map(([name, lie]) => ({ name, contract, ...lie }));

/** Counts up: makes values different that should be alike. */
export function counter(): () => number {
  let last = 1_000_000;
  return () => {
    last += 1;
    return last;
  };
}
