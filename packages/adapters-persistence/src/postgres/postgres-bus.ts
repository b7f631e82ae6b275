import { type BusOptions, type IdGenerator, inProcessBus, type Stopwatch, waking } from '@org/application';
import type { DataSource } from 'typeorm';
import { ProcessTimer } from '../node/process-timer.js';
import { PostgresDeadLetters } from './postgres-dead-letters.js';
import { PostgresEventFeed } from './postgres-event-feed.js';
import { PostgresEventLog } from './postgres-event-log.js';
import { PostgresGroupProgress } from './postgres-group-progress.js';
import { PostgresUnitOfWork } from './postgres-unit-of-work.js';

interface BusNeeds {
  readonly ids: IdGenerator;
  readonly stopwatch: Stopwatch;
}

/** The log, its feed and the bus that reads it, with the unit of work whose commits wake the bus. */
export function postgresBus(dataSource: DataSource, { ids, stopwatch }: BusNeeds, options: BusOptions = {}) {
  const unitOfWork = new PostgresUnitOfWork(dataSource);
  const events = new PostgresEventLog();
  const eventFeed = new PostgresEventFeed(dataSource, unitOfWork);
  const groupProgress = new PostgresGroupProgress(dataSource, unitOfWork);
  const timer = new ProcessTimer();
  const parts = { unitOfWork, events, ids, feed: eventFeed, progress: groupProgress, stopwatch, timer };
  const bus = inProcessBus(parts, options);
  return {
    ...waking(unitOfWork, events, bus.wake),
    eventFeed,
    groupProgress,
    eventPublisher: bus.publisher,
    eventConsumer: bus.consumer,
    deadLetters: new PostgresDeadLetters(unitOfWork, eventFeed),
  };
}
