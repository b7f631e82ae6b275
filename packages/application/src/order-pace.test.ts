import { orderPace } from './order-pace.js';

const after = (...ms: number[]) => {
  const pace = orderPace();
  for (const each of ms) pace.took(each);
  return pace.estimatedSeconds();
};

describe('the pace of orders', () => {
  it.each<[string, number[], number]>([
    ['a second where nothing is known', [], 1],
    ['a second where they take no time', [3, 5], 1],
    ['what the only one took, rounded up', [2_001], 3],
    ['little more for one that was slow', [1_000, 9_000], 2],
    ['some seconds more for one that was stuck for an hour', [1_000, 3_600_000], 7],
    ['what the last ones took, whatever was before', [60_000, ...Array<number>(100).fill(4_000)], 5],
  ])('is %s', (_, took, seconds) => expect(after(...took)).toBe(seconds));
});
