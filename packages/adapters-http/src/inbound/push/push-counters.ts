import { Counter, Gauge, type Registry } from 'prom-client';
import type { End } from './listeners.js';

export type Transport = 'sse' | 'websocket';

/** What is counted of the connections over which users are told of their events. */
export interface PushCounters {
  opened(transport: Transport): void;
  ended(transport: Transport, why: End): void;
  told(event: string): void;
}

export function pushCountersIn(registry: Registry): PushCounters {
  const registers = [registry];
  const open = new Gauge({
    name: 'push_listeners',
    help: 'Clients that are connected to be told of events, by transport.',
    labelNames: ['transport'],
    registers,
  });
  const ended = new Counter({
    name: 'push_listeners_ended_total',
    help: 'Clients that are no longer connected, by why: LEFT by themselves; SLOW, GONE, EXPIRED, FAILED, DRAINING were cut off.',
    labelNames: ['transport', 'why'],
    registers,
  });
  const told = new Counter({
    name: 'push_events_total',
    help: 'Events that clients were told of, by event.',
    labelNames: ['event'],
    registers,
  });
  return {
    opened: transport => open.inc({ transport }),
    ended: (transport, why) => {
      open.dec({ transport });
      ended.inc({ transport, why });
    },
    told: event => told.inc({ event }),
  };
}
