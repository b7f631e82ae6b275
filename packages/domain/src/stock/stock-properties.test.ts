import fc from 'fast-check';
import { option } from './stock.fixtures.js';
import { freeOf, type StockCommand, type StockEvent, type StockItem, type StockTerms } from './stock.js';
import { stock } from './stock-decider.js';
import { evolveStockHold, returnedOf, type StockHold } from './stock-hold.js';

const holdIds = ['a', 'b', 'c'] as const;
const act = fc.record({
  type: fc.constantFrom('SetFree', 'Adjust', 'Hold', 'Post', 'Void', 'Expire', 'Return'),
  holdId: fc.constantFrom(...holdIds),
  returnId: fc.constantFrom('r1', 'r2'),
  quantity: fc.integer({ min: 1, max: 6 }),
  delta: fc.integer({ min: -6, max: 6 }),
  wait: fc.integer({ min: 0, max: 40 }),
});
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

/** One item with its holds, as a transaction sees them. */
class Shelf {
  item: StockItem = stock.initial;
  readonly holds = new Map<string, StockHold>();
  readonly events: StockEvent[] = [];
  now = 0;

  constructor(private readonly terms: StockTerms) {}

  hold = (id: string): StockHold => this.holds.get(id) ?? { status: 'NONE' };

  private commandOf({ type, holdId, returnId, quantity, delta }: Act): StockCommand | null {
    const hold = this.hold(holdId);
    const timed = { terms: this.terms, at: this.now };
    if (type === 'SetFree') return { type, quantity: quantity - 1, ...timed };
    if (type === 'Adjust') return { type, delta, ...timed };
    if (type === 'Return') return { type, holdId, returnId, quantity, hold, ...timed };
    if (type !== 'Hold') return { type, holdId, hold, ...timed };
    if (hold.status !== 'NONE') return null;
    return { type, holdId, orderNumber: 'o', quantity, until: this.now + 50, ...timed };
  }

  do(each: Act): readonly StockEvent[] {
    this.now += each.wait;
    const command = this.commandOf(each);
    const decision = command && stock.decide(this.item, command);
    if (!decision?.accepted) return [];
    for (const event of decision.events) {
      this.item = stock.evolve(this.item, event);
      if ('holdId' in event) this.holds.set(event.holdId, evolveStockHold(this.hold(event.holdId), event, option));
    }
    this.events.push(...decision.events);
    return decision.events;
  }
}

const terms = fc.record({
  kind: fc.constantFrom('GOODS', 'EBOOK'),
  lowStockAt: fc.option(fc.integer({ min: 0, max: 4 })),
}) as fc.Arbitrary<StockTerms>;

const forAnyLife = (check: (shelf: Shelf, acts: readonly Act[]) => void) =>
  fc.assert(
    fc.property(terms, fc.array(act, { maxLength: 60 }), (of, acts) => check(new Shelf(of), acts)),
    { numRuns: 500 },
  );

describe('whatever happens to an option', () => {
  it('no figure is ever below zero, and held and sold are what the holds say', () =>
    forAnyLife((shelf, acts) => {
      for (const each of acts) {
        shelf.do(each);
        const { item } = shelf;
        const all = holdIds.map(shelf.hold);
        const sum = (of: (hold: Exclude<StockHold, { status: 'NONE' }>) => number) =>
          all.reduce((total, hold) => total + (hold.status === 'NONE' ? 0 : of(hold)), 0);
        expect(item.held).toBe(sum(hold => (hold.status === 'HELD' ? hold.quantity : 0)));
        expect(item.sold).toBe(sum(hold => (hold.status === 'POSTED' ? hold.quantity - returnedOf(hold) : 0)));
        expect(freeOf(item, { kind: 'GOODS' })).toBeGreaterThanOrEqual(0);
        expect(Math.min(item.held, item.sold)).toBeGreaterThanOrEqual(0);
      }
    }));

  it('each hold ends once', () =>
    forAnyLife((shelf, acts) => {
      for (const each of acts) shelf.do(each);
      const ends = shelf.events.flatMap(event =>
        /^StockHold/.test(event.type) && 'holdId' in event ? event.holdId : [],
      );
      expect(new Set(ends).size).toBe(ends.length);
    }));

  it('the events alone make the same state again', () =>
    forAnyLife((shelf, acts) => {
      for (const each of acts) shelf.do(each);
      expect(shelf.events.reduce(stock.evolve, stock.initial)).toEqual(shelf.item);
    }));

  it('units move, they do not appear: only a count changes how many there are in all', () =>
    forAnyLife((shelf, acts) => {
      for (const each of acts) {
        const before = shelf.item;
        const events = shelf.do(each);
        if (before.status !== 'COUNTED' || shelf.item.status !== 'COUNTED') continue;
        const all = ({ free, held, sold }: Extract<StockItem, { free: number }>) => free + held + sold;
        const counts = events.some(({ type }) => type === 'StockSet' || type === 'StockAdjusted');
        if (!counts) expect(all(shelf.item)).toBe(all(before));
      }
    }));

  it('low stock is told exactly when what is free falls from above the threshold to it or below', () =>
    forAnyLife((shelf, acts) => {
      for (const each of acts) {
        const before = shelf.item;
        const low = shelf.do(each).filter(({ type }) => type === 'StockLow');
        if (before.status !== 'COUNTED' || shelf.item.status !== 'COUNTED') continue;
        const [event] = low;
        if (event?.type === 'StockLow') {
          expect(before.free).toBeGreaterThan(event.lowStockAt);
          expect(shelf.item.free).toBeLessThanOrEqual(event.lowStockAt);
        }
        expect(low.length).toBeLessThanOrEqual(1);
      }
    }));
});
