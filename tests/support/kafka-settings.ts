import type { Signal } from './docker.js';

/** Brokers of a test's own, which it may kill. */
export interface OwnBrokers {
  /** Where each of them is, also after a restart. */
  readonly addresses: readonly string[];
  /** `SIGKILL` ends one at once, `SIGSTOP` lets it hang. */
  signal(index: number, signal: Signal): Promise<void>;
  /** Starts one again that was killed, with what it had, and waits until it answers. */
  restart(index: number): Promise<void>;
  /** Ends all of them. */
  end(): Promise<void>;
}

/** How one broker of several is spoken to: by its clients, by the others, and about who leads. */
export interface BrokerPlace {
  readonly id: number;
  readonly listeners: string;
  readonly advertised: string;
  /** The listener that the brokers use among themselves. */
  readonly between: string;
  readonly voters: readonly string[];
}

/** A broker that is gone is noticed after some seconds, as operations.md recommends it. */
export function brokerSettings({ id, listeners, advertised, between, voters }: BrokerPlace) {
  const count = voters.length;
  const replicas = Math.min(3, count);
  return {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': voters.join(','),
    listeners,
    'advertised.listeners': advertised,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,BETWEEN:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': between,
    'controller.listener.names': 'CONTROLLER',
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.min(2, replicas),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': count,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.min(2, replicas),
    'transaction.state.log.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    'broker.session.timeout.ms': 4_000,
    'broker.heartbeat.interval.ms': 500,
  } as const;
}
