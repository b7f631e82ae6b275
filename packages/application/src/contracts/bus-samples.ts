import type { BusOptions } from '../bus/settings.js';
import { RealTimer } from '../memory/real-timer.js';
import type { DeliveredEvent, EventConsumer, RunningSubscription, Subscription } from '../ports/event-bus.js';
import type { NewEvent } from '../ports/event-log.js';

/** For stores under test: nobody wants to wait seconds for a retry. */
export const QUICK_BUS: BusOptions = {
  ...{ minIdleMs: 1, maxIdleMs: 10, retries: 3, retryDelayMs: 40, backoffMs: 5, leaseMs: 600 },
};

/** The first and last attempt of an event that is given up: the first one and three retries. */
export const ATTEMPTS = 4;

export const PAID = 'order.paid.v1';
export const SHIPPED = 'order.shipped.v1';

export const happened = (key: string, version: number, changed: Partial<NewEvent> = {}): NewEvent => ({
  ...{ streamId: `order/${key}`, streamVersion: version, type: PAID, data: { n: version }, key },
  origin: { actor: 'ann', traceparent: null },
  ...changed,
});

/** `ann 3`: key and version, how the cases name an event. */
export const nameOf = ({ key, streamVersion }: Pick<NewEvent, 'key' | 'streamVersion'>): string =>
  `${key} ${streamVersion}`;

export const named = (events: readonly Pick<NewEvent, 'key' | 'streamVersion'>[], key?: string): readonly string[] =>
  events.filter(event => key === undefined || event.key === key).map(nameOf);

interface Passing {
  elapse(ms: number): Promise<void> | void;
}

const timer = new RealTimer();

/** Lets time pass until the condition holds. @throws Error when it takes too long */
export async function eventually(
  { elapse }: Passing,
  condition: () => boolean | Promise<boolean>,
  what = 'it',
): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (await condition()) return;
    await elapse(10);
    await timer.pause(2);
  }
  throw new Error(`${what} never came`);
}

/** Time enough for what should not come. */
export async function aWhile({ elapse }: Passing): Promise<void> {
  for (let turn = 0; turn < 12; turn++) {
    await elapse(10);
    await timer.pause(2);
  }
}

/** Runs a case with subscriptions that end with it, however it ends. */
export async function listening(
  { eventConsumer }: { readonly eventConsumer: EventConsumer },
  work: (subscribe: (subscription: Partial<Subscription>) => Promise<RunningSubscription>) => Promise<void>,
): Promise<void> {
  const running: RunningSubscription[] = [];
  try {
    await work(async subscription => {
      const defaults = { group: 'group', types: [PAID], handle: async () => [] };
      const member = await eventConsumer.subscribe({ ...defaults, ...subscription });
      running.push(member);
      return member;
    });
  } finally {
    await Promise.all(running.map(member => member.stop()));
  }
}

/** What a handler has seen, in the order of its coming. */
export class Seen {
  readonly events: DeliveredEvent[] = [];

  get names(): readonly string[] {
    return named(this.events);
  }

  of(key: string): readonly string[] {
    return named(this.events, key);
  }

  attempts(name: string): readonly number[] {
    return this.events.filter(event => nameOf(event) === name).map(({ attempt }) => attempt);
  }
}
