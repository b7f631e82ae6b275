import { randomUUID } from 'node:crypto';
import {
  type Admission,
  type CircuitBreaker,
  type GateState,
  type GateTerms,
  GateUnavailableError,
  type GateWish,
  type QuotaGate,
  type SettledSlots,
} from '@org/application';
import { Breaker } from './breaker.js';
import type { RedisClient } from './connection.js';
import * as scripts from './gate-scripts.js';

/** A gate is opened anew after this long at the latest, and leaves nothing behind. */
const LIFETIME_MS = 86_400_000;
/** Admissions that the stream keeps, about. */
const STREAM = 100_000;
/** So many are told in one command: the stack of a script takes a few thousand values. */
const CHUNK = 1_000;

const chunks = <Item>(items: readonly Item[]): (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, i) => items.slice(i * CHUNK, (i + 1) * CHUNK));
/** Whoever dies while he opens a gate keeps others from it for so long. */
const OPENING_MS = 5_000;

const words: Readonly<Record<number, Admission>> = Object.fromEntries(
  Object.entries(scripts.answers).map(([kind, number]) => [number, { kind } as Admission]),
);
const admissionOf = (answer: number): Admission => words[answer] ?? { kind: 'ADMITTED', place: answer };

/** Gates for all processes that share a Redis. All keys of a campaign lie in one slot. */
export class RedisQuotaGate implements QuotaGate {
  private readonly breaker: Breaker;

  /** @param prefix what its keys begin with; no braces */
  constructor(
    private readonly client: RedisClient,
    private readonly prefix: string,
    circuit: Pick<CircuitBreaker, 'enter'>,
  ) {
    this.breaker = new Breaker(circuit, (message, options) => new GateUnavailableError(message, options));
  }

  async open(campaign: string, { revision, total, perUser, issued, holders }: GateTerms): Promise<boolean> {
    const keys = [...this.keysOf(campaign), this.key(campaign, 'opening')];
    const [, heldKey = ''] = keys;
    const opener = randomUUID();
    const { client, breaker } = this;
    if ((await breaker.run(() => scripts.beginOpening.run(client, keys, [opener, OPENING_MS]))) === 0) return false;
    for (const some of chunks([...holders])) await breaker.run(() => client.hset(heldKey, ...some.flat()));
    const values = [opener, LIFETIME_MS, revision, total, perUser ?? '', issued];
    return (await breaker.run(() => scripts.endOpening.run(client, keys, values))) === 1;
  }

  async admit(campaign: string, revision: number, wishes: readonly GateWish[]): Promise<readonly Admission[]> {
    const admissions: Admission[] = [];
    for (const some of chunks(wishes)) {
      const values = [revision, STREAM, LIFETIME_MS, ...some.flatMap(({ requestId, userId }) => [requestId, userId])];
      const answered = (await this.run(scripts.admit, campaign, values)) as number[];
      for (const answer of answered) admissions.push(admissionOf(answer));
    }
    return admissions;
  }

  async settle(campaign: string, { issued, givenBack }: SettledSlots): Promise<void> {
    for (const some of chunks(issued)) await this.run(scripts.settle, campaign, [LIFETIME_MS, some.length, ...some]);
    for (const some of chunks(givenBack)) await this.run(scripts.settle, campaign, [LIFETIME_MS, 0, ...some]);
  }

  async state(campaign: string, staleAfterMs: number): Promise<GateState | null> {
    const found = (await this.run(scripts.state, campaign, [staleAfterMs])) as number[];
    const [revision, total, issued, pending, stale] = found;
    if (revision === undefined) return null;
    return { revision, total, issued, pending, stale } as GateState;
  }

  async close(campaign: string): Promise<void> {
    const [figures = '', ...rest] = this.keysOf(campaign).slice(0, 5);
    await this.breaker.run(() => this.client.del(figures, ...rest));
  }

  private run(script: typeof scripts.admit, campaign: string, values: readonly (string | number)[]): Promise<unknown> {
    return this.breaker.run(() => script.run(this.client, this.keysOf(campaign), values));
  }

  private readonly key = (campaign: string, part: string) => `${this.prefix}gate:{${campaign}}:${part}`;
  private keysOf(campaign: string): string[] {
    return ['figures', 'held', 'pending', 'hoping', 'since', 'admissions'].map(part => this.key(campaign, part));
  }
}
