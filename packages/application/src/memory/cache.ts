import { type Cache, type CacheEntry, type Forgotten, prefixesOf } from '../ports/cache.js';
import type { Stopwatch } from '../ports/stopwatch.js';

interface Kept {
  /** As text: nobody who was given it can change it. */
  readonly text: string;
  readonly until: number;
  readonly names: readonly string[];
}

interface Flight {
  readonly answer: Promise<string>;
  readonly names: readonly string[];
  isForgotten: boolean;
}

export interface InMemoryCacheOptions {
  /** Most entries; those that nobody has asked for the longest go first. Default 10,000. */
  readonly capacity?: number;
  /** Most characters of all entries together; the same go first. Default 32 million. */
  readonly characters?: number;
}

const namesOf = ({ key, tags = [] }: CacheEntry) => [
  `key ${key}`,
  ...prefixesOf(key).map(prefix => `prefix ${prefix}`),
  ...tags.map(tag => `tag ${tag}`),
];

/** The cache of one process. */
export class InMemoryCache implements Cache {
  private readonly kept = new Map<string, Kept>();
  private readonly flights = new Map<string, Flight>();
  /** Keys by each of the names that they can be forgotten under. */
  private readonly index = new Map<string, Set<string>>();
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
    const names = [
      ...keys.map(key => `key ${key}`),
      ...prefixes.map(prefix => `prefix ${prefix}`),
      ...tags.map(tag => `tag ${tag}`),
    ];
    for (const name of names)
      for (const key of [...(this.index.get(name) ?? [])]) {
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
    const names = namesOf(entry);
    const begun = this.stopwatch.elapsed();
    const loaded = Promise.resolve()
      .then(load)
      .then(value => JSON.stringify(value ?? null));
    const flight: Flight = {
      names,
      isForgotten: false,
      answer: loaded
        .then(text => {
          if (!flight.isForgotten) this.keep(entry, { text, names, begun });
          return text;
        })
        .finally(() => this.land(entry.key, flight)),
    };
    this.flights.set(entry.key, flight);
    this.list(entry.key, names);
    return flight;
  }

  private keep(
    { key, ttlMs, absentTtlMs = ttlMs }: CacheEntry,
    { text, names, begun }: { readonly text: string; readonly names: readonly string[]; readonly begun: number },
  ) {
    const age = text === 'null' ? absentTtlMs : ttlMs;
    this.drop(key);
    // Its age counts from the beginning of the load: what it tells was true then.
    this.kept.set(key, { text, names, until: begun + age * (1 - Math.random() / 10) });
    this.held += text.length;
    this.list(key, names);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.capacity && this.held <= this.characters) break;
      this.drop(oldest);
    }
  }

  /** Ends a flight: whoever asks from now on finds what it has brought, or begins another one. */
  private land(key: string, flight: Flight) {
    flight.isForgotten = true;
    if (this.flights.get(key) !== flight) return;
    this.flights.delete(key);
    if (!this.kept.has(key)) this.unlist(key, flight.names);
  }

  private drop(key: string) {
    const found = this.kept.get(key);
    if (!found) return;
    this.kept.delete(key);
    this.held -= found.text.length;
    if (!this.flights.has(key)) this.unlist(key, found.names);
  }

  private list(key: string, names: readonly string[]) {
    for (const name of names) {
      const keys = this.index.get(name);
      if (keys) keys.add(key);
      else this.index.set(name, new Set([key]));
    }
  }

  private unlist(key: string, names: readonly string[]) {
    for (const name of names) {
      const keys = this.index.get(name);
      keys?.delete(key);
      if (keys?.size === 0) this.index.delete(name);
    }
  }
}
