import type { GroupFigures } from '@org/application';
import type { Registry } from 'prom-client';
import { type GroupGauge, showGroups } from './group-gauges.js';

/** The figures come from the store: whoever looks more often than this gets those of the last look. */
const KEPT_MS = 5_000;
/** Whoever scrapes gets everything else in time, also while the store does not answer. */
const PATIENCE_MS = 2_000;

export interface Waiting {
  /** Milliseconds of a clock that never goes back. Default: that of the process. */
  readonly now?: () => number;
  /** How long the store has to answer, milliseconds. Default 2,000. */
  readonly patienceMs?: number;
}

const gauges: readonly GroupGauge<GroupFigures>[] = [
  {
    name: 'bus_group_lag_seconds',
    help: 'Age of the oldest event that was not handed to the group yet; 0 = none.',
    of: ({ lagMs }) => lagMs / 1_000,
  },
  {
    name: 'bus_group_parked',
    help: 'Failed events of the group that are tried again, and those that wait behind them.',
    of: ({ parked }) => parked,
  },
  { name: 'bus_group_dead', help: 'Dead letters of the group that somebody may redrive.', of: ({ dead }) => dead },
  {
    name: 'bus_group_failed',
    help: 'Dead letters of the group that came back after their last redrive.',
    of: ({ failed }) => failed,
  },
];

const within = <Value>(ms: number, work: Promise<Value>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, ms, new Error(`no answer within ${ms} ms`));
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** One question at a time, however many ask, and its answer for a while. */
function kept<Value>(ms: number, ask: () => Promise<Value>, now: () => number): () => Promise<Value> {
  let last: { readonly answer: Promise<Value>; readonly at: number } | null = null;
  return () => {
    if (!last || now() - last.at >= ms) last = { answer: ask(), at: now() };
    return last.answer;
  };
}

/**
 * Shows how far the groups of consumers are among the figures of `registry`. They are those of the store, not of this
 * process. While the store does not tell, they are left out: old ones would look like good ones.
 */
export function showBus(
  registry: Registry,
  ask: () => Promise<readonly GroupFigures[]>,
  { now = () => performance.now(), patienceMs = PATIENCE_MS }: Waiting = {},
): void {
  const figures = kept(KEPT_MS, () => within(patienceMs, ask()).catch(() => []), now);
  showGroups(registry, gauges, figures);
}
