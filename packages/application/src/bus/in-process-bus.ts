import type { EventConsumer, EventPublisher, RunningSubscription } from '../ports/event-bus.js';
import type { EventLog } from '../ports/event-log.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { UnitOfWork } from '../ports/unit-of-work.js';
import { type BusParts, GroupMember } from './group-member.js';
import { type BusOptions, busSettings } from './settings.js';
import { checkSubscription } from './subscriptions.js';
import { typesOf } from './waking.js';

export interface InProcessBus {
  readonly publisher: EventPublisher;
  readonly consumer: EventConsumer;
  /** Events of these types were committed: idle members that subscribe to one of them look at once. */
  wake(types: ReadonlySet<string>): void;
}

export interface InProcessBusParts extends BusParts {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventLog;
  readonly ids: IdGenerator;
}

/**
 * A bus without a broker: subscribers read the log of events, and what is delivered is as durable as the log. Several
 * processes share the groups through the store.
 */
export function inProcessBus(parts: InProcessBusParts, options: BusOptions = {}): InProcessBus {
  const { unitOfWork, events, ids, feed, progress } = parts;
  const settings = busSettings(options);
  const members = new Set<GroupMember>();
  const wake = (types: ReadonlySet<string>) => {
    for (const member of members) member.wake(types);
  };
  return {
    wake,
    publisher: {
      async publish(added) {
        if (added.length === 0) return;
        await unitOfWork.run(tx => events.append(tx, added));
        wake(typesOf(added));
      },
    },
    consumer: {
      async subscribe(subscription): Promise<RunningSubscription> {
        checkSubscription(subscription);
        const { group, types, from = 'START' } = subscription;
        await progress.open(group, types, from === 'NOW' ? await feed.now() : null);
        const member = new GroupMember(parts, settings, subscription, { group, member: ids.next() });
        members.add(member);
        return {
          async stop() {
            await member.stop();
            members.delete(member);
          },
        };
      },
    },
  };
}
