export interface CacheEntry {
  /**
   * A path, `points/user-1`: with it goes whatever forgets `points/`. Parts that come from outside are encoded
   * (`encodeURIComponent`).
   */
  readonly key: string;
  /** Oldest age of an answer, ms; entries end a little earlier, so that not all end at once. */
  readonly ttlMs: number;
  /** The same for what is not there; default: as long. */
  readonly absentTtlMs?: number;
  /** Other names under which it can be forgotten. */
  readonly tags?: readonly string[];
}

/** What is forgotten: single entries, all below a path that ends with a slash, all with a tag. */
export interface Forgotten {
  readonly keys?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly tags?: readonly string[];
}

/**
 * Remembers answers for those who only want to look. Nothing that decides a write is taken from here.
 * A cache that can't be reached is slower, never wrong: it loads.
 */
export interface Cache {
  /**
   * The answer of `load`, or an earlier one: plain data, which is the same after it was written down and read back. Those who ask at the same time share one load. An answer is kept
   * unless it was forgotten since its load began, so that a slow one never brings back what is over.
   * @throws whatever `load` throws; that is not remembered
   */
  get<Value>(entry: CacheEntry, load: () => Promise<Value | null>): Promise<Value | null>;
  /** Nobody who asks after this is given an answer of before. */
  forget(what: Forgotten): Promise<void>;
}

/** The paths above a key, each with its slash: `a/b/c` lies below `a/` and `a/b/`. */
export function prefixesOf(key: string): readonly string[] {
  const prefixes: string[] = [];
  for (let end = key.indexOf('/'); end !== -1; end = key.indexOf('/', end + 1)) prefixes.push(key.slice(0, end + 1));
  return prefixes;
}
