import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, {
  type Batch,
  type Cluster,
  type Consumer,
  type EachBatchPayload,
  type Kafka,
  type PartitionAssigner,
} from 'kafkajs';
import { answersOrMoves } from './answering-coordinator.js';
import { type GroupListener, type Joining, nameOf, type Place, type Position } from './broker.js';
import type { KafkajsOffsets } from './kafkajs-offsets.js';
import { type AllSettings, METADATA_MAX_AGE_MS, RETRY } from './settings.js';
import { storedOf } from './stored-records.js';

export interface SessionParts {
  readonly kafka: Kafka;
  readonly settings: AllSettings;
  readonly offsets: KafkajsOffsets;
  readonly joining: Joining;
  /** Where a new group begins, by name of the part. */
  readonly starts: ReadonlyMap<string, number>;
  readonly listener: GroupListener;
}

const HEARTBEAT_MS = 1_000;
const RETRY_OPENING_MS = 200;
/** After so many tries to read what lies between, there is nothing: marks of transactions have offsets too. */
const MOST_SEEKS = 3;

type FetchedBatch = Batch & { readonly fetchedOffset: string };

/**
 * One life of a kafkajs consumer. What it hands out is sorted here by what it does not tell: batches of a generation
 * that is over are left out, parts are given away only when what is under way has been finished, and a coordinator
 * that doesn't answer is taken for none.
 */
export class KafkajsSession {
  private readonly consumer: Consumer;
  private phase: 'JOINING' | 'MEMBER' | 'DRAINING' | 'OVER' = 'JOINING';
  /** Rises whenever parts are given away or taken. */
  private epoch = 0;
  private opening: Promise<void> = Promise.resolve();
  private means: Pick<EachBatchPayload, 'heartbeat' | 'commitOffsetsIfNecessary'> | null = null;
  private readonly next = new Map<string, number>();
  private readonly sought = new Map<string, number>();
  private signAt = performance.now();
  /** Since when it has given its parts away and not got any. */
  private askedAt: number | null = null;

  /** @param crashed told when kafkajs has given up */
  constructor(
    private readonly parts: SessionParts,
    crashed: (error: Error) => void,
  ) {
    const { settings, kafka, joining } = parts;
    this.consumer = kafka.consumer({
      groupId: joining.group,
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: settings.drainMs + settings.sessionTimeoutMs,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: settings.maxWaitMs,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      allowAutoTopicCreation: false,
      partitionAssigners: [this.drainingFirst(kafkajs.PartitionAssigners.roundRobin)],
      retry: { ...RETRY, restartOnFailure: async () => false },
    });
    const { events } = this.consumer;
    const sign = () => this.sign();
    this.consumer.on(events.HEARTBEAT, () => {
      if (this.unjoinedMs > settings.sessionTimeoutMs) crashed(new Error('it is a member without parts'));
      else this.sign();
    });
    this.consumer.on(events.COMMIT_OFFSETS, sign);
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => this.joined(payload.memberAssignment));
    this.consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.passed(payload, Number(payload.firstOffset), Number(payload.lastOffset) + 1);
    });
    this.consumer.on(events.CRASH, ({ payload }) => crashed(payload.error));
  }

  async start(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.parts.joining.topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: payload => this.arrived(payload),
    });
  }

  /** How long nothing was heard of the group, beyond what is usual, milliseconds; negative = it's all right. */
  get overdueMs(): number {
    const { sessionTimeoutMs, drainMs } = this.parts.settings;
    const patience = this.phase === 'MEMBER' ? sessionTimeoutMs : drainMs + 2 * sessionTimeoutMs;
    return performance.now() - this.signAt - patience;
  }

  /**
   * A joining that fails is not told: kafkajs goes on with the parts of before, and as long as the group has not been
   * dealt anew its heartbeats are answered. Whoever gave these parts away would wait for others for ever.
   */
  private get unjoinedMs(): number {
    return this.askedAt === null ? 0 : performance.now() - this.askedAt;
  }

  private sign(): void {
    this.signAt = performance.now();
  }

  /**
   * kafkajs tells nobody before it gives parts away. Every joining begins with the look for the coordinator, and that
   * is where it is made to wait.
   */
  private drainingFirst(assigner: PartitionAssigner): PartitionAssigner {
    return config => {
      const cluster: Cluster = config.cluster;
      const find = cluster.findGroupCoordinator.bind(cluster);
      const known = new WeakSet<object>();
      cluster.findGroupCoordinator = async group => {
        await this.surrender();
        const coordinator = await find(group);
        if (!known.has(coordinator)) answersOrMoves(coordinator);
        known.add(coordinator);
        return coordinator;
      };
      return assigner(config);
    };
  }

  private async surrender(): Promise<void> {
    if (this.phase === 'OVER') return;
    this.phase = 'DRAINING';
    this.epoch++;
    this.next.clear();
    this.sought.clear();
    const beating = setInterval(() => void this.means?.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    const late = new AbortController();
    const limit = sleep(this.parts.settings.drainMs, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([this.parts.listener.revoked(), limit]);
    late.abort();
    clearInterval(beating);
    if (this.phase === 'DRAINING') this.phase = 'JOINING';
    this.sign();
    this.askedAt = this.signAt;
  }

  private joined(assignment: Readonly<Record<string, readonly number[]>>): void {
    if (this.phase === 'OVER') return;
    this.sign();
    this.askedAt = null;
    this.epoch++;
    this.consumer.resume(this.consumer.paused());
    const places = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map(partition => ({ topic, partition })),
    );
    this.opening = this.open(this.epoch, places);
  }

  private async open(epoch: number, places: readonly Place[]): Promise<void> {
    const { offsets, joining, starts, listener, settings } = this.parts;
    while (epoch === this.epoch) {
      try {
        const positions = await offsets.positions(joining, places, starts);
        if (epoch !== this.epoch || this.phase === 'OVER') return;
        for (const position of positions) this.next.set(nameOf(position), position.offset);
        this.phase = 'MEMBER';
        listener.assigned(positions);
        return;
      } catch (error) {
        settings.log('warn', 'the positions of a group could not be read', { group: joining.group, error });
        await sleep(RETRY_OPENING_MS);
      }
    }
  }

  private async arrived(payload: EachBatchPayload): Promise<void> {
    const { epoch } = this;
    this.means = payload;
    await this.opening;
    const batch = payload.batch as FetchedBatch;
    const expected = this.next.get(nameOf(batch));
    if (epoch !== this.epoch || this.phase !== 'MEMBER' || expected === undefined) return;
    const fetched = Number(batch.fetchedOffset);
    if (fetched > expected && !(await this.isGap(batch, expected))) {
      this.consumer.seek({ topic: batch.topic, partition: batch.partition, offset: String(expected) });
      return;
    }
    if (epoch !== this.epoch) return;
    const next = Math.max(expected, Number(batch.lastOffset()) + 1);
    payload.resolveOffset(String(next - 1));
    this.next.set(nameOf(batch), next);
    const { topic, partition } = batch;
    const records = batch.messages.map(message => storedOf(batch, message)).filter(({ offset }) => offset >= expected);
    this.parts.listener.arrived({ topic, partition, records, next, end: Number(batch.highWatermark) });
  }

  /** Whether there is nothing between: it was deleted by its age, or it never was a record. */
  private async isGap(place: Place, expected: number): Promise<boolean> {
    const name = nameOf(place);
    const tries = (this.sought.get(name) ?? 0) + 1;
    this.sought.set(name, tries % MOST_SEEKS);
    if (tries === MOST_SEEKS) return true;
    const lows = await this.parts.offsets.ends([place.topic], 'low');
    return (lows.get(name) ?? 0) > expected;
  }

  /** Offsets without a record. */
  private passed(place: Place, first: number, next: number): void {
    const expected = this.next.get(nameOf(place));
    if (expected === undefined || first > expected || next <= expected) return;
    this.next.set(nameOf(place), next);
    this.parts.listener.arrived({ topic: place.topic, partition: place.partition, records: [], next, end: next });
  }

  async commit(positions: readonly Position[]): Promise<void> {
    if (!this.means || (this.phase !== 'MEMBER' && this.phase !== 'DRAINING'))
      throw new Error('no member of the group at the moment');
    const topics = [...new Set(positions.map(({ topic }) => topic))].map(topic => ({
      topic,
      partitions: positions
        .filter(position => position.topic === topic)
        .map(({ partition, offset, note }) => ({ partition, offset: String(offset), metadata: note })),
    }));
    // Without the retries of `consumer.commitOffsets`: these would commit in the name of a later generation.
    await this.means.commitOffsetsIfNecessary({ topics });
  }

  pause(places: readonly Place[]): void {
    if (this.phase === 'MEMBER') this.consumer.pause(byTopic(places));
  }

  resume(places: readonly Place[]): void {
    if (this.phase === 'MEMBER') this.consumer.resume(byTopic(places));
  }

  /** Finishes what is under way, as if the parts were dealt out anew, and is no member any more. */
  async end(): Promise<void> {
    await this.surrender();
    this.phase = 'OVER';
    await this.consumer.disconnect().catch(() => undefined);
  }
}

const byTopic = (places: readonly Place[]) =>
  places.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
