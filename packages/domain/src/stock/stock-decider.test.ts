import {
  adjust,
  counted,
  ebook,
  end,
  giveBack,
  goods,
  heldBy,
  hold,
  movedBy,
  posted,
  refusalOf,
  setFree,
  typesOf,
  uncounted,
  when,
} from './stock.fixtures.js';
import { freeOf, type StockItem, type StockTerms, stockTransitions } from './stock.js';
import { stock } from './stock-decider.js';
import { type StockHold, stockHoldTransitions } from './stock-hold.js';

describe('what is free', () => {
  it('rule 14: GOODS start at 0; EBOOK without stock is unlimited', () => {
    expect([freeOf(stock.initial, goods), freeOf(stock.initial, ebook)]).toEqual([0, null]);
    expect(refusalOf(stock.initial, hold(1))).toEqual({ code: 'OUT_OF_STOCK', data: { requested: 1, free: 0 } });
    expect(when(stock.initial, hold(10_000, ebook)).item).toEqual({ status: 'UNCOUNTED', held: 10_000, sold: 0 });
  });

  it('rule 14: `PUT` sets what is free, and touches neither what is held nor what is sold', () => {
    expect(when(counted(5, 3, 7), setFree(2)).item).toEqual(counted(2, 3, 7));
    expect(when(uncounted, setFree(0, ebook)).item).toEqual(counted(0));
    expect(when(counted(5), setFree(5)).events).toEqual([]);
    expect(refusalOf(counted(0), setFree(1_000_000_001))?.code).toBe('STOCK_TOO_LARGE');
  });

  it('an e-book that was counted once is no longer unlimited', () =>
    expect(refusalOf(when(uncounted, setFree(1, ebook)).item, hold(2, ebook))?.code).toBe('OUT_OF_STOCK'));

  it.each<[StockItem, number, StockTerms, number | string]>([
    [counted(5), 3, goods, 8],
    [counted(5), -5, goods, 0],
    [counted(5), -6, goods, 'OUT_OF_STOCK'],
    [uncounted, 4, goods, 4],
    [uncounted, -1, goods, 'OUT_OF_STOCK'],
    [uncounted, 4, ebook, 'STOCK_UNLIMITED'],
    [counted(4), 4, ebook, 8],
    [counted(1_000_000_000), 1, goods, 'STOCK_TOO_LARGE'],
  ])('rule 14: `POST …/stock/adjust {delta}` adds or takes: %j and %d of %j', (item, delta, terms, expected) => {
    const command = adjust(delta, terms);
    const code = refusalOf(item, command)?.code;
    expect(code ?? freeOf(when(item, command).item, terms)).toBe(expected);
  });

  it('an adjustment by nothing is none', () => expect(when(counted(5), adjust(0)).events).toEqual([]));
});

describe('a hold', () => {
  it('takes units from what is free, and nobody else can have them', () => {
    const { item } = when(counted(5), hold(3));
    expect(item).toEqual(counted(2, 3));
    expect(refusalOf(item, hold(3))).toEqual({ code: 'OUT_OF_STOCK', data: { requested: 3, free: 2 } });
    expect(when(item, hold(2)).item).toEqual(counted(0, 5));
  });

  it.each<[string, 'Post' | 'Void' | 'Expire', number, StockItem]>([
    ['posted: its units are sold', 'Post', 499, counted(3, 0, 2)],
    ['voided: its units are free again', 'Void', 499, counted(5)],
    ['expired: its units are free again', 'Expire', 500, counted(5)],
  ])('is %s', (_, type, at, expected) => expect(when(counted(3, 2), end(type, heldBy(), at)).item).toEqual(expected));

  it.each<[number, string | null]>([
    [499, null],
    [500, 'STOCK_HOLD_EXPIRED'],
    [501, 'STOCK_HOLD_EXPIRED'],
  ])('until 500, posted at %d: %s', (at, code) =>
    expect(refusalOf(counted(3, 2), end('Post', heldBy(), at))?.code ?? null).toBe(code),
  );

  it('is not expired before its time, however often somebody looks', () =>
    expect(when(counted(3, 2), end('Expire', heldBy(), 499)).events).toEqual([]));

  it('that is over is as void as one wants it, and written down as expired', () =>
    expect(typesOf(counted(3, 2), end('Void', heldBy(), 500))).toEqual(['StockHoldExpired']));

  const ended = (status: 'POSTED' | 'VOIDED' | 'EXPIRED') => heldBy({ status, endedAt: 300 });
  it.each<[StockHold, 'Post' | 'Void' | 'Expire', string | null]>([
    [ended('POSTED'), 'Post', null],
    [ended('POSTED'), 'Void', 'STOCK_HOLD_NOT_ACTIVE'],
    [ended('POSTED'), 'Expire', null],
    [ended('VOIDED'), 'Void', null],
    [ended('VOIDED'), 'Post', 'STOCK_HOLD_NOT_ACTIVE'],
    [ended('VOIDED'), 'Expire', null],
    [ended('EXPIRED'), 'Void', null],
    [ended('EXPIRED'), 'Post', 'STOCK_HOLD_EXPIRED'],
    [ended('EXPIRED'), 'Expire', null],
    [{ status: 'NONE' }, 'Post', 'STOCK_HOLD_NOT_FOUND'],
    [{ status: 'NONE' }, 'Void', 'STOCK_HOLD_NOT_FOUND'],
  ])('is resolved at most once: %j, %s → %s', (known, type, code) => {
    const command = end(type, known, 900);
    expect(refusalOf(counted(3, 2, 2), command)?.code ?? null).toBe(code);
    if (code === null) expect(when(counted(3, 2, 2), command).events).toEqual([]);
  });

  it('taken while nobody counted gives its units back to the count', () =>
    expect(
      when(when(when(uncounted, hold(2, ebook)).item, setFree(5, ebook)).item, end('Void', heldBy())).item,
    ).toEqual(counted(7)));
});

describe('units that come back', () => {
  it('rule 13: A refund restocks (sold falls, free rises)', () =>
    expect(when(counted(3, 0, 2), giveBack(1)).item).toEqual(counted(4, 0, 1)));

  it('are never more than were sold under the hold', () => {
    const once = movedBy(posted(3), when(counted(0, 0, 3), giveBack(2, posted(3))).events);
    expect(refusalOf(counted(2, 0, 1), giveBack(2, once, 'r2'))).toEqual({
      code: 'QUANTITY_NOT_RETURNABLE',
      data: { holdId: 'h1', requested: 2, left: 1 },
    });
    expect(when(counted(2, 0, 1), giveBack(1, once, 'r2')).item).toEqual(counted(3));
  });

  it('come back once for one return, however often it is told', () => {
    const once = movedBy(posted(), when(counted(0, 0, 2), giveBack(1)).events);
    expect(once).toMatchObject({ returns: [{ returnId: 'r1', quantity: 1 }] });
    expect(when(counted(1, 0, 1), giveBack(1, once)).events).toEqual([]);
  });

  it.each(['HELD', 'VOIDED', 'EXPIRED'] as const)('come back only from what was sold, not from %s', status =>
    expect(refusalOf(counted(3, 2, 9), giveBack(1, heldBy({ status })))?.code).toBe('STOCK_HOLD_NOT_ACTIVE'),
  );
});

it.each([
  setFree(-1),
  setFree(0.5),
  adjust(0.5),
  adjust(Number.NaN),
  ...[0, -1, 1.5, 10_001].flatMap(quantity => [hold(quantity), giveBack(quantity, posted(10_001))]),
])('a quantity that makes no sense moves nothing: %j', command =>
  expect(refusalOf(counted(20_000, 0, 20_000), command)?.code).toBe('QUANTITY_INVALID'),
);

describe('low stock', () => {
  const at5: StockTerms = { kind: 'GOODS', lowStockAt: 5 };
  it.each([
    ['falls to it', counted(7), hold(2, at5), true],
    ['falls below it', counted(7), hold(3, at5), true],
    ['stays above it', counted(8), hold(2, at5), false],
    ['was at it before', counted(5), hold(1, at5), false],
    ['was below it before', counted(4), hold(1, at5), false],
    ['rises to it', counted(4), adjust(1, at5), false],
    ['is set to it', counted(9), setFree(5, at5), true],
    ['was never above it', uncounted, setFree(3, at5), false],
    ['is taken by hand', counted(6), adjust(-6, at5), true],
    ['was any number of an e-book', uncounted, setFree(5, { ...at5, kind: 'EBOOK' } as StockTerms), true],
  ])('rule 14: `lowStockAt` raises an event once per crossing: when what is free %s', (_, item, command, isTold) =>
    expect(typesOf(item, command).includes('StockLow')).toBe(isTold),
  );

  it('is told again after it was above once more', () => {
    const low = when(counted(6), hold(2, at5));
    expect(low.events.at(-1)).toEqual({ type: 'StockLow', free: 4, lowStockAt: 5, at: 300 });
    const back = when(low.item, end('Void', heldBy(), 300, at5));
    expect(back.events.map(({ type }) => type)).toEqual(['StockHoldVoided']);
    expect(typesOf(back.item, hold(1, at5))).toContain('StockLow');
  });

  it('is nobody’s concern without a threshold', () => expect(typesOf(counted(1), hold(1))).toEqual(['StockHeld']));
});

describe('the tables of transitions', () => {
  it.each([
    ['stock', stockTransitions, 'UNCOUNTED'],
    ['a hold', stockHoldTransitions, 'NONE'],
  ])('of %s: every status can be reached', (_, table, start) => {
    const reached = new Set<string>([start]);
    for (const status of reached)
      for (const next of Object.values(
        (table as Readonly<Record<string, Readonly<Record<string, string>>>>)[status] ?? {},
      ))
        reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(table).sort());
  });

  it('no hold is left without an end', () => {
    const finals = Object.entries(stockHoldTransitions).filter(([, next]) => Object.keys(next).length === 0);
    expect(finals.map(([status]) => status)).toEqual(['VOIDED', 'EXPIRED']);
  });
});
