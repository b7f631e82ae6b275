import { randomUUID } from 'node:crypto';
import { type Cache, type CacheEntry, type CircuitBreaker, type Forgotten, prefixesOf } from '@org/application';
import { Cluster } from 'ioredis';
import { Breaker } from './breaker.js';
import type { RedisClient } from './connection.js';

/** Marks outlive every entry that carries them. One that is gone makes its entries unknown, never old ones known. */
const MARK_MS = 86_400_000;
/** More names than this are not remembered one by one while Redis is away: then everything is forgotten. */
const MOST_OWED = 10_000;
const EVERYTHING = 'everything';

const namesOf = ({ key, tags = [] }: CacheEntry): readonly string[] => [
  EVERYTHING,
  `key:${key}`,
  ...prefixesOf(key).map(prefix => `prefix:${prefix}`),
  ...tags.map(tag => `tag:${tag}`),
];

/**
 * The cache of all processes that share a Redis. Every name under which an entry can be forgotten has a mark, a random
 * text. An entry carries the marks of the moment when its load began, and counts only as long as all of them stand:
 * to forget is to write another mark, and what a slow load brings after that carries the old one.
 */
export class RedisCache implements Cache {
  private readonly flights = new Map<string, Promise<string>>();
  /** Names whose new mark is not written yet, each with what made it owed last. */
  private readonly owed = new Map<string, symbol>();
  private readonly breaker: Breaker;

  /** @param prefix what its keys begin with */
  constructor(
    private readonly client: RedisClient,
    private readonly prefix: string,
    circuit: Pick<CircuitBreaker, 'enter'>,
  ) {
    this.breaker = new Breaker(circuit, (message, options) => new Error(message, options));
    client.on('ready', () => void this.pay().catch(() => undefined));
  }

  async get<Value>(entry: CacheEntry, load: () => Promise<Value | null>): Promise<Value | null> {
    const found = await this.look(entry).catch(() => null);
    if (!found) return load();
    const text = found.text ?? (await this.loadOnce(entry, found.marks, load));
    return JSON.parse(text) as Value | null;
  }

  async forget({ keys = [], prefixes = [], tags = [] }: Forgotten): Promise<void> {
    const why = Symbol('forgotten');
    for (const key of keys) this.owed.set(`key:${key}`, why);
    for (const prefix of prefixes) this.owed.set(`prefix:${prefix}`, why);
    for (const tag of tags) this.owed.set(`tag:${tag}`, why);
    if (this.owed.size > MOST_OWED) {
      this.owed.clear();
      this.owed.set(EVERYTHING, why);
    }
    // What can't be told to Redis now is told before anything is read from it again.
    await this.pay().catch(() => undefined);
  }

  /** What Redis has of an entry; null = nothing can be kept. @throws Error when it does not answer */
  private async look(entry: CacheEntry): Promise<{ readonly marks: string; readonly text: string | null } | null> {
    await this.pay();
    const markKeys = namesOf(entry).map(name => this.markKey(name));
    const [kept, ...marks] = await this.breaker.run(() => this.read([this.entryKey(entry.key), ...markKeys]));
    if (marks.some(mark => mark === null)) {
      await this.breaker.run(() =>
        this.mark(
          markKeys.filter((_, i) => marks[i] === null),
          true,
        ),
      );
      const made = await this.breaker.run(() => this.read(markKeys));
      return made.some(mark => mark === null) ? null : { marks: made.join(), text: null };
    }
    const [carried, text] = kept ? split(kept) : ['', ''];
    return { marks: marks.join(), text: carried === marks.join() ? text : null };
  }

  /** Those who ask at the same time, and before anything was forgotten, share a load. */
  private async loadOnce<Value>(entry: CacheEntry, marks: string, load: () => Promise<Value | null>): Promise<string> {
    const flightKey = `${marks} ${entry.key}`;
    const known = this.flights.get(flightKey);
    if (known) return known;
    const flight = Promise.resolve()
      .then(load)
      .then(value => JSON.stringify(value ?? null))
      .finally(() => this.flights.delete(flightKey));
    this.flights.set(flightKey, flight);
    const begun = performance.now();
    const text = await flight;
    await this.keep(entry, { marks, text, loadMs: performance.now() - begun }).catch(() => undefined);
    return text;
  }

  private async keep(
    { key, ttlMs, absentTtlMs = ttlMs, tags = [] }: CacheEntry,
    { marks, text, loadMs }: { readonly marks: string; readonly text: string; readonly loadMs: number },
  ): Promise<void> {
    const age = Math.floor((text === 'null' ? absentTtlMs : ttlMs) * (1 - Math.random() / 10) - loadMs);
    if (age < 1) return;
    const markKeys = namesOf({ key, ttlMs, tags }).map(name => this.markKey(name));
    const now = await this.breaker.run(() => this.read(markKeys));
    // What nobody would believe must not take the place of what came after it.
    if (now.join() !== marks) return;
    await this.breaker.run(() => this.client.set(this.entryKey(key), `${marks} ${text}`, 'PX', age));
  }

  /** Writes the new marks that are owed. @throws Error when Redis does not answer: they stay owed */
  private async pay(): Promise<void> {
    if (this.owed.size === 0) return;
    const owed = [...this.owed];
    const keys = owed.map(([name]) => this.markKey(name));
    await this.breaker.run(() => this.mark(keys, false));
    // What was forgotten again meanwhile needs a mark of its own.
    for (const [name, why] of owed) if (this.owed.get(name) === why) this.owed.delete(name);
  }

  private async mark(keys: readonly string[], onlyMissing: boolean): Promise<void> {
    const mark = randomUUID();
    const pipelined = this.client instanceof Cluster ? null : this.client.pipeline();
    const sent = keys.map(key => {
      const to = pipelined ?? this.client;
      return onlyMissing ? to.set(key, mark, 'PX', MARK_MS, 'NX') : to.set(key, mark, 'PX', MARK_MS);
    });
    if (!pipelined) return void (await Promise.all(sent));
    for (const [error] of (await pipelined.exec()) ?? []) if (error) throw error;
  }

  private read(keys: readonly string[]): Promise<(string | null)[]> {
    const { client } = this;
    return client instanceof Cluster ? Promise.all(keys.map(key => client.get(key))) : client.mget(...keys);
  }

  private readonly entryKey = (key: string) => `${this.prefix}cache:entry:${key}`;
  private readonly markKey = (name: string) => `${this.prefix}cache:mark:${name}`;
}

/** Marks and value of an entry: marks have no space in them. */
function split(kept: string): readonly [string, string] {
  const end = kept.indexOf(' ');
  return [kept.slice(0, end), kept.slice(end + 1)];
}
