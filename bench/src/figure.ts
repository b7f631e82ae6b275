import type { Stage } from './stage.js';
import type { Table } from './table.js';

/** Something that must be exact, however fast or slow the run was. */
export interface Check {
  readonly what: string;
  readonly expected: number;
  readonly actual: number;
}

export interface Measured {
  readonly tables: readonly Table[];
  readonly checks: readonly Check[];
}

/** One figure of the documentation: ours, the naive way and the limit, measured in the same run. */
export interface Figure {
  readonly name: string;
  run(stage: Stage): Promise<Measured>;
}

export const isExact = ({ expected, actual }: Check): boolean => expected === actual;
