import { MOST_REDRIVES } from '../ports/dead-letters.js';
import type { Handled, Subscription } from '../ports/event-bus.js';
import type { FedEvent } from '../ports/event-feed.js';
import { type Aside, type Cause, GROUP_SLICES, type ParkedEvent, type Settlement } from '../ports/group-progress.js';
import { virtualPartitionOf } from '../virtual-partition.js';
import type { BusSettings } from './settings.js';

export type Retrying = Pick<BusSettings, 'retries' | 'retryDelayMs'> & Required<Pick<Subscription, 'order'>>;
type Failed = Extract<Handled, { outcome: 'FAILED' }>;

const LONGEST_TEXT = 8_000;
const loneSurrogate = /\p{Surrogate}/gu;
// Postgres knows no text with a NUL in it, nor one with half a character: a cut may leave one.
const cut = (text: string) => text.replaceAll('\0', '').slice(0, LONGEST_TEXT).replace(loneSurrogate, '\uFFFD');

export const causeOf = ({ name, message, stack = '' }: Error): Cause => ({
  name: cut(name),
  message: cut(message),
  stack: cut(stack),
});

export const sliceOf = (key: string): number => virtualPartitionOf(key) % GROUP_SLICES;

/**
 * What of a page has to be put aside: events that failed, and all that follow one of these or an older one of their
 * key, if the order of the key is kept. A dead letter holds nobody back: what follows it is due at once.
 * @param results one per event; null = it was not handed over, because its key is blocked
 */
export function putAside(
  events: readonly FedEvent[],
  results: readonly (Handled | null)[],
  { retries, retryDelayMs, order }: Retrying,
): readonly Aside[] {
  const aside: Aside[] = [];
  if (results.every(result => result?.outcome === 'DONE')) return aside;
  /** Keys with something before them, and whether that is waiting itself. */
  const before = new Map<string, 'WAITING' | 'DEAD'>();
  for (const [i, { cursor: _, ...event }] of events.entries()) {
    const result = results[i];
    const earlier = before.get(event.key);
    const common = { event, slice: sliceOf(event.key) };
    if (earlier || !result) {
      const dueInMs = earlier === 'DEAD' ? 0 : null;
      aside.push({ ...common, status: 'WAITING', attempts: 0, dueInMs, cause: null });
      before.set(event.key, 'WAITING');
    } else if (result.outcome === 'FAILED') {
      const status = result.retryable && retries > 0 ? 'WAITING' : 'DEAD';
      const dueInMs = status === 'WAITING' ? retryDelayMs : null;
      aside.push({ ...common, status, attempts: 1, dueInMs, cause: causeOf(result.error) });
      if (order === 'KEY') before.set(event.key, status);
    }
  }
  return aside;
}

function failureOf({ status, attempts, redrives }: ParkedEvent, result: Failed, { retries, retryDelayMs }: Retrying) {
  const cause = causeOf(result.error);
  if (status === 'REDRIVEN')
    return { status: redrives >= MOST_REDRIVES ? 'FAILED' : 'DEAD', dueInMs: null, cause } as const;
  return result.retryable && attempts < retries
    ? ({ status: 'WAITING', dueInMs: retryDelayMs, cause } as const)
    : ({ status: 'DEAD', dueInMs: null, cause } as const);
}

/** What became of parked events. If the order of a key is kept, what follows a failed one of it stays where it is. */
export function settlementsOf(
  parked: readonly ParkedEvent[],
  results: readonly Handled[],
  retrying: Retrying,
): readonly Settlement[] {
  const stopped = new Set<string>();
  const settlements: Settlement[] = [];
  for (const [i, each] of parked.entries()) {
    const result = results[i] as Handled;
    if (stopped.has(each.event.key)) continue;
    if (result.outcome === 'DONE') settlements.push({ parked: each, failure: null });
    else {
      if (retrying.order === 'KEY') stopped.add(each.event.key);
      settlements.push({ parked: each, failure: failureOf(each, result, retrying) });
    }
  }
  return settlements;
}
