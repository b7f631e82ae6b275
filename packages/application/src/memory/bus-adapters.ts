import { inProcessBus } from '../bus/in-process-bus.js';
import type { BusOptions } from '../bus/settings.js';
import { waking } from '../bus/waking.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { Stopwatch } from '../ports/stopwatch.js';
import type { InMemoryCouponRepository } from './coupon-repository.js';
import { InMemoryDeadLetters } from './dead-letters.js';
import { InMemoryEventFeed } from './event-feed.js';
import { InMemoryEventLog } from './event-log.js';
import { InMemoryGroupProgress } from './group-progress.js';
import type { ManualClock } from './manual-clock.js';
import { ParkedEvents } from './parked-events.js';
import { RealTimer } from './real-timer.js';
import { InMemoryUnitOfWork } from './unit-of-work.js';

export interface BusStores {
  readonly coupons: InMemoryCouponRepository;
  readonly clock: ManualClock;
  readonly stopwatch: Stopwatch;
  readonly ids: IdGenerator;
}

/** Log, feed and bus, and the unit of work that wakes the bus. */
export function inMemoryBus({ coupons, clock, stopwatch, ids }: BusStores, options: BusOptions = {}) {
  const log = new InMemoryEventLog(clock);
  const eventFeed = new InMemoryEventFeed(log, coupons);
  const parked = new ParkedEvents();
  const groupProgress = new InMemoryGroupProgress(parked, clock);
  const unitOfWork = new InMemoryUnitOfWork();
  const timer = new RealTimer();
  const parts = { unitOfWork, events: log, ids, feed: eventFeed, progress: groupProgress, stopwatch, timer };
  const bus = inProcessBus(parts, options);
  return {
    ...waking(unitOfWork, log, bus.wake),
    eventFeed,
    groupProgress,
    eventPublisher: bus.publisher,
    eventConsumer: bus.consumer,
    deadLetters: new InMemoryDeadLetters(parked, groupProgress, eventFeed, clock),
  };
}
