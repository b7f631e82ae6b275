import fc from 'fast-check';
import { allocate, type Bearer, unitNets } from './allocation.js';

const free = (...weights: number[]): Bearer[] => weights.map(weight => ({ weight, limit: weight }));
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Slow and plain: one minor unit at a time, in exact integers of any size. */
function oneByOne(amount: number, bearers: readonly Bearer[]): number[] {
  const shares = bearers.map(() => 0);
  const hasRoom = (i: number) => (bearers[i]?.weight ?? 0) > 0 && (shares[i] ?? 0) < (bearers[i]?.limit ?? 0);
  let left = amount;
  for (;;) {
    const open = [...bearers.keys()].filter(hasRoom);
    if (left === 0 || open.length === 0) return shares;
    const total = open.reduce((all, i) => all + BigInt(bearers[i]?.weight ?? 0), 0n);
    const due = new Map(open.map(i => [i, BigInt(left) * BigInt(bearers[i]?.weight ?? 0)]));
    const given = new Map(open.map(i => [i, 0n]));
    let units = left;
    for (const i of open) {
      while ((due.get(i) ?? 0n) >= total) {
        due.set(i, (due.get(i) ?? 0n) - total);
        given.set(i, (given.get(i) ?? 0n) + 1n);
        units -= 1;
      }
    }
    for (; units > 0; units -= 1) {
      const next = open.reduce((best, i) => ((due.get(i) ?? 0n) > (due.get(best) ?? 0n) ? i : best));
      due.set(next, -1n);
      given.set(next, (given.get(next) ?? 0n) + 1n);
    }
    for (const i of open) {
      const fits = Math.min(Number(given.get(i)), (bearers[i]?.limit ?? 0) - (shares[i] ?? 0));
      shares[i] = (shares[i] ?? 0) + fits;
      left -= fits;
    }
  }
}

describe('spreading an amount', () => {
  it.each<[string, number, Bearer[], number[]]>([
    ['weights are the current nets', 100, free(300, 100), [75, 25]],
    ['shares are floored, the rest goes by largest remainder', 100, free(50, 30, 21), [49, 30, 21]],
    ['ties go to the one that stands first', 100, free(1000, 1000, 1000), [34, 33, 33]],
    ['two odd units of a tie go to the first two', 101, free(1000, 1000, 1000), [34, 34, 33]],
    ['a later, larger remainder wins over an earlier one', 1, free(10, 11), [0, 1]],
    ['zero-weight lines get zero', 100, [{ weight: 0, limit: 50 }, ...free(500, 0)], [0, 100, 0]],
    ['only zero weights: nothing is given', 100, [{ weight: 0, limit: 50 }], [0]],
    [
      'a share is cut at its limit, and what was cut is spread over the others',
      100,
      [{ weight: 500, limit: 20 }, ...free(300, 200)],
      [20, 48, 32],
    ],
    [
      'what is cut again is spread again',
      90,
      [{ weight: 800, limit: 10 }, { weight: 100, limit: 30 }, ...free(100)],
      [10, 30, 50],
    ],
    [
      'what fits nowhere is not given',
      100,
      [
        { weight: 10, limit: 3 },
        { weight: 20, limit: 4 },
      ],
      [3, 4],
    ],
    ['an amount as large as all limits takes all', 7, free(3, 4), [3, 4]],
    ['nothing is spread', 0, free(3, 4), [0, 0]],
    ['nobody is there', 10, [], []],
  ])('rule 9: %s', (_, amount, bearers, shares) => expect(allocate(amount, bearers)).toEqual(shares));

  it('rule 9: is exact where products pass 2^53', () => {
    const third = 3_000_000_000_000_000;
    const shares = allocate(8_999_999_999_999_998, free(third, third, third - 1));
    expect(shares).toEqual([third - 1 + 1, third - 1, third - 1]);
    expect(sum(shares)).toBe(8_999_999_999_999_998);
  });

  const small = fc.record({ weight: fc.nat(40), limit: fc.nat(40) });
  const large = fc.record({ weight: fc.nat(2 ** 50), limit: fc.nat(60) });

  it('gives what a naive unit-by-unit spreading gives', () => {
    fc.assert(
      fc.property(fc.nat(120), fc.array(fc.oneof(small, large), { maxLength: 6 }), (amount, bearers) => {
        expect(allocate(amount, bearers)).toEqual(oneByOne(amount, bearers));
      }),
      { numRuns: 500 },
    );
  });

  it('never gives more than the amount or a limit, and no less than what fits', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.array(fc.oneof(small, large), { maxLength: 12 }), (amount, bearers) => {
        const shares = allocate(amount, bearers);
        const room = sum(bearers.map(({ weight, limit }) => (weight > 0 ? limit : 0)));
        expect(sum(shares)).toBe(Math.min(amount, room));
        shares.forEach((share, i) => {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(bearers[i]?.weight === 0 ? 0 : (bearers[i]?.limit ?? 0));
        });
      }),
    );
  });
});

describe('the nets of the units of a line', () => {
  it.each<[number, number, number[]]>([
    [29_000, 3, [9_666, 9_667, 9_667]],
    [30_000, 3, [10_000, 10_000, 10_000]],
    [1, 3, [0, 0, 1]],
    [0, 2, [0, 0]],
    [7, 1, [7]],
  ])('rule 9: %s over %s units, the first unit numbers bear the odd units of the discount', (net, quantity, nets) =>
    expect(unitNets(net, quantity)).toEqual(nets),
  );

  it('rule 9: units of a line differ by at most 1, and bear what the allocator gives them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(500 * 40),
        (price, quantity, off) => {
          const discount = Math.min(off, price * quantity);
          const nets = unitNets(price * quantity - discount, quantity);
          expect(Math.max(...nets) - Math.min(...nets)).toBeLessThanOrEqual(1);
          const shares = allocate(discount, free(...new Array<number>(quantity).fill(price)));
          expect(nets).toEqual(shares.map(share => price - share));
        },
      ),
    );
  });
});
