interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** A handler of batches. `handOver` = all is done but the end, which takes nothing but time. */
export type Handle<Item, Result> = (items: readonly Item[], handOver: () => void) => Promise<readonly Result[]>;

interface Lane<Item, Result> {
  readonly waiting: Waiting<Item, Result>[];
  /** Items in batches that are not over. */
  underWay: number;
  /** Batches that have not handed over. */
  working: number;
  /** Batches that have, and are not over. */
  ending: number;
}

export interface CoalesceOptions<Item> {
  readonly maxBatch?: number;
  /** Batches at work at a time, per lane; as many again may be waiting for their end. */
  readonly concurrency?: number;
  /** Items of different lanes never share a batch and never wait for each other. */
  readonly lane?: (item: Item) => string;
  /** Whether the error of a batch may be the fault of one item: then they are handled one by one. Default: never. */
  readonly isOfOne?: (error: unknown) => boolean;
}

/** So few are not worth two batches. */
const FEW = 16;

/**
 * Half of all that is there: who takes everything has nobody left to be read, decided and answered while the store
 * works, and the store has nothing to do while he is answered.
 */
const half = ({ waiting, underWay }: Pick<Lane<unknown, unknown>, 'waiting' | 'underWay'>) =>
  Math.max(FEW, Math.ceil((waiting.length + underWay) / 2));

/**
 * Turns a handler of batches into a function for one item: calls that arrive while a batch is under way wait and
 * form the next one (group commit), which begins when the one before hands over or is over. A batch that fails is an
 * error for each of its items, unless one of them is to blame.
 */
export function coalesce<Item, Result>(
  handle: Handle<Item, Result>,
  { maxBatch = 500, concurrency = 1, lane = () => '', isOfOne = () => false }: CoalesceOptions<Item> = {},
): (item: Item) => Promise<Result> {
  const lanes = new Map<string, Lane<Item, Result>>();

  const mayStart = ({ waiting, working, ending }: Lane<Item, Result>) =>
    waiting.length > 0 && working < concurrency && working + ending < 2 * concurrency;

  function start(name: string) {
    const queue = lanes.get(name);
    if (!queue) return;
    while (mayStart(queue)) void run(name, queue, queue.waiting.splice(0, Math.min(maxBatch, half(queue))));
    if (queue.working + queue.ending + queue.waiting.length === 0) lanes.delete(name);
  }

  /** At the end of this turn of the event loop: whoever has come by then comes along. */
  const startSoon = (name: string) => void setImmediate(start, name);

  function join(waiting: Waiting<Item, Result>) {
    const name = lane(waiting.item);
    let queue = lanes.get(name);
    if (!queue) {
      queue = { waiting: [], underWay: 0, working: 0, ending: 0 };
      lanes.set(name, queue);
    }
    queue.waiting.push(waiting);
    if (queue.waiting.length === 1) startSoon(name);
  }

  /** Whoever waits in a lane may belong to another one now that those before him were told of a failure. */
  function joinAnew(name: string, queue: Lane<Item, Result>) {
    for (const waiting of queue.waiting.splice(0)) join(waiting);
    start(name);
  }

  async function run(name: string, queue: Lane<Item, Result>, batch: readonly Waiting<Item, Result>[]) {
    let phase: 'working' | 'ending' = 'working';
    queue.working++;
    queue.underWay += batch.length;
    const handOver = () => {
      if (phase === 'ending') return;
      phase = 'ending';
      queue.working--;
      queue.ending++;
      startSoon(name);
    };
    const { tell, failed } = await outcomeOf(handle, batch, handOver, isOfOne);
    queue[phase]--;
    queue.underWay -= batch.length;
    if (failed) {
      tell();
      setImmediate(joinAnew, name, queue);
      return;
    }
    // The store gets its next work before these get their answers: it goes on meanwhile.
    start(name);
    tell();
  }

  return item =>
    new Promise((resolve, reject) => {
      join({ item, resolve, reject });
    });
}

const nothing = () => undefined;

/** Has a batch handled; answers what tells the items how it went. Never rejects. */
async function outcomeOf<Item, Result>(
  handle: Handle<Item, Result>,
  batch: readonly Waiting<Item, Result>[],
  handOver: () => void,
  isOfOne: (error: unknown) => boolean,
): Promise<{ readonly failed: boolean; tell(): void }> {
  try {
    const items = batch.map(({ item }) => item);
    const results = await handle(items, handOver);
    if (results.length !== batch.length) throw new Error(`${results.length} results for ${batch.length} items`);
    const tell = () => {
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
    };
    return { failed: false, tell };
  } catch (error) {
    if (batch.length > 1 && isOfOne(error)) {
      await oneByOne(handle, batch, isOfOne);
      return { failed: true, tell: nothing };
    }
    return { failed: true, tell: () => rejectAll(batch, error) };
  }
}

function rejectAll(batch: readonly { reject(error: unknown): void }[], error: unknown): void {
  for (const { reject } of batch) reject(error);
}

/** Tells each as soon as it is handled. Where it is nobody's fault any more, whoever is left is told the same. */
async function oneByOne<Item, Result>(
  handle: Handle<Item, Result>,
  batch: readonly Waiting<Item, Result>[],
  isOfOne: (error: unknown) => boolean,
): Promise<void> {
  for (const [i, { item, resolve, reject }] of batch.entries()) {
    try {
      const [result] = await handle([item], nothing);
      resolve(result as Result);
    } catch (error) {
      if (!isOfOne(error)) return rejectAll(batch.slice(i), error);
      reject(error);
    }
  }
}
