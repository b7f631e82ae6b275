import { type Cache, type CacheEntry, type Forgotten, prefixesOf } from '../ports/cache.js';
import type { Stopwatch } from '../ports/stopwatch.js';

interface Kept {
  /** As text: nobody who was given it can change it. */
  readonly text: string;
  readonly until: number;
  readonly groups: readonly string[];
}

interface Flight {
  readonly answer: Promise<string>;
  readonly groups: readonly string[];
  isForgotten: boolean;
}

export interface InMemoryCacheOptions {
  /** Most entries; those that nobody has asked for the longest go first, a tenth at a time. Default 10,000. */
  readonly capacity?: number;
  /** Most characters of all entries together; the same go first. Default 32 million. */
  readonly characters?: number;
}

const groupsNamed = (prefixes: readonly string[], tags: readonly string[]) => [
  ...prefixes.map(prefix => `prefix ${prefix}`),
  ...tags.map(tag => `tag ${tag}`),
];

/** What is left where there was too much: a Map that loses its first entry over and over has to walk past all that it has lost. */
const restOf = (most: number) => Math.ceil(most * 0.9);

/** The cache of one process. */
export class InMemoryCache implements Cache {
  private readonly kept = new Map<string, Kept>();
  private readonly flights = new Map<string, Flight>();
  /** Keys, kept or in flight, by the groups that they are forgotten with. */
  private readonly members = new Map<string, Set<string>>();
  private readonly capacity: number;
  private readonly characters: number;
  private held = 0;

  constructor(
    private readonly stopwatch: Stopwatch,
    { capacity = 10_000, characters = 32_000_000 }: InMemoryCacheOptions = {},
  ) {
    this.capacity = capacity;
    this.characters = characters;
  }

  async get<Value>(entry: CacheEntry, load: () => Promise<Value | null>): Promise<Value | null> {
    const known = this.remembered(entry.key);
    const text = known ?? (await (this.flights.get(entry.key) ?? this.fly(entry, load)).answer);
    return JSON.parse(text) as Value | null;
  }

  async forget({ keys = [], prefixes = [], tags = [] }: Forgotten): Promise<void> {
    const grouped = groupsNamed(prefixes, tags).flatMap(group => [...(this.members.get(group) ?? [])]);
    for (const key of [...keys, ...grouped]) {
      this.drop(key);
      const flight = this.flights.get(key);
      if (flight) this.land(key, flight);
    }
  }

  private remembered(key: string): string | undefined {
    const found = this.kept.get(key);
    if (!found) return undefined;
    if (found.until <= this.stopwatch.elapsed()) return void this.drop(key);
    this.kept.delete(key);
    this.kept.set(key, found);
    return found.text;
  }

  private fly<Value>(entry: CacheEntry, load: () => Promise<Value | null>): Flight {
    const groups = groupsNamed(prefixesOf(entry.key), entry.tags ?? []);
    const begun = this.stopwatch.elapsed();
    const loaded = Promise.resolve()
      .then(load)
      .then(value => JSON.stringify(value ?? null));
    const flight: Flight = {
      groups,
      isForgotten: false,
      answer: loaded
        .then(text => {
          if (!flight.isForgotten) this.keep(entry, { text, groups, begun });
          return text;
        })
        .finally(() => this.land(entry.key, flight)),
    };
    this.flights.set(entry.key, flight);
    this.join(entry.key, groups);
    return flight;
  }

  private keep(
    { key, ttlMs, absentTtlMs = ttlMs }: CacheEntry,
    { text, groups, begun }: { readonly text: string; readonly groups: readonly string[]; readonly begun: number },
  ) {
    const age = text === 'null' ? absentTtlMs : ttlMs;
    // Its age counts from the beginning of the load: what it tells was true then.
    this.kept.set(key, { text, groups, until: begun + age * (1 - Math.random() / 10) });
    this.held += text.length;
    this.makeRoom(key);
  }

  /** @param newest stays as long as it fits at all */
  private makeRoom(newest: string) {
    const { capacity, characters } = this;
    if (this.kept.size <= capacity && this.held <= characters) return;
    for (const oldest of this.kept.keys()) {
      const isRoom = this.kept.size <= restOf(capacity) && this.held <= restOf(characters);
      if (isRoom || (oldest === newest && this.kept.size <= capacity && this.held <= characters)) return;
      this.drop(oldest);
    }
  }

  /** Ends a flight: whoever asks from now on finds what it has brought, or begins another one. */
  private land(key: string, flight: Flight) {
    flight.isForgotten = true;
    if (this.flights.get(key) !== flight) return;
    this.flights.delete(key);
    if (!this.kept.has(key)) this.leave(key, flight.groups);
  }

  private drop(key: string) {
    const found = this.kept.get(key);
    if (!found) return;
    this.kept.delete(key);
    this.held -= found.text.length;
    this.leave(key, found.groups);
  }

  private join(key: string, groups: readonly string[]) {
    for (const group of groups) {
      const keys = this.members.get(group);
      if (keys) keys.add(key);
      else this.members.set(group, new Set([key]));
    }
  }

  private leave(key: string, groups: readonly string[]) {
    for (const group of groups) {
      const keys = this.members.get(group);
      keys?.delete(key);
      if (keys?.size === 0) this.members.delete(group);
    }
  }
}
