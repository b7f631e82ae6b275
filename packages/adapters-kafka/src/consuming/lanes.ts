interface Lane<Item> {
  readonly items: Item[];
  /** Something of it is being handled, or it rests after a failure. */
  busy: boolean;
}

/** What waits to be handled: a queue for each key, of which one part at most is being handled at a time. */
export class Lanes<Item> {
  private readonly lanes = new Map<string, Lane<Item>>();
  /** Lanes with something to take, the one that has waited longest first. */
  private readonly ready = new Set<string>();
  /** How many items wait or are being handled. */
  size = 0;

  add(name: string, item: Item): void {
    const lane = this.lanes.get(name) ?? { items: [], busy: false };
    lane.items.push(item);
    this.lanes.set(name, lane);
    if (!lane.busy) this.ready.add(name);
    this.size++;
  }

  /** Up to `limit` items of lanes that are free, those of a lane in order; their lanes are busy until `release`. */
  take(limit: number): readonly Item[] {
    const taken: Item[] = [];
    for (const name of this.ready) {
      if (taken.length >= limit) break;
      const lane = this.lanes.get(name) as Lane<Item>;
      taken.push(...lane.items.slice(0, limit - taken.length));
      lane.busy = true;
      this.ready.delete(name);
    }
    return taken;
  }

  /** The first items of the lane are done. @param rests whether it stays busy until it is released again */
  release(name: string, done: number, rests = false): void {
    const lane = this.lanes.get(name);
    if (!lane) return;
    lane.items.splice(0, done);
    this.size -= done;
    lane.busy = rests;
    if (lane.items.length === 0) this.lanes.delete(name);
    else if (!rests) this.ready.add(name);
  }
}
