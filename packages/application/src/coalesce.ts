interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface CoalesceOptions<Item> {
  readonly maxBatch?: number;
  /** Batches at a time, per lane. */
  readonly concurrency?: number;
  /** Items of different lanes never share a batch and never wait for each other. */
  readonly lane?: (item: Item) => string;
}

/**
 * Turns a handler of batches into a function for one item: calls that arrive while a batch is under way wait and
 * form the next one (group commit). A batch that fails is an error for each of its items.
 */
export function coalesce<Item, Result>(
  handle: (items: readonly Item[]) => Promise<readonly Result[]>,
  { maxBatch = 500, concurrency = 1, lane = () => '' }: CoalesceOptions<Item> = {},
): (item: Item) => Promise<Result> {
  const lanes = new Map<string, { waiting: Waiting<Item, Result>[]; running: number }>();

  async function run(batch: readonly Waiting<Item, Result>[]) {
    try {
      const results = await handle(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error(`${results.length} results for ${batch.length} items`);
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  function start(name: string) {
    const queue = lanes.get(name);
    if (!queue) return;
    while (queue.running < concurrency && queue.waiting.length > 0) {
      queue.running++;
      void run(queue.waiting.splice(0, maxBatch)).then(() => {
        queue.running--;
        start(name);
      });
    }
    if (queue.running === 0) lanes.delete(name);
  }

  return item =>
    new Promise((resolve, reject) => {
      const name = lane(item);
      let queue = lanes.get(name);
      if (!queue) {
        queue = { waiting: [], running: 0 };
        lanes.set(name, queue);
      }
      queue.waiting.push({ item, resolve, reject });
      // The first waits for the end of this turn of the event loop, so that those who came with it come along.
      if (queue.running < concurrency && queue.waiting.length === 1) queueMicrotask(() => start(name));
    });
}
