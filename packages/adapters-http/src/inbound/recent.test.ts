import { Recent } from './recent.js';

describe('what is remembered of late', () => {
  it('is at least the latest half, and never more than all of it', () => {
    const recent = new Recent<number>(10);
    for (let i = 0; i < 1_000; i++) {
      recent.set(`k${i}`, i);
      for (let back = 0; back < Math.min(5, i + 1); back++) expect(recent.get(`k${i - back}`)).toBe(i - back);
      expect(recent.get(`k${i - 10}`)).toBeUndefined();
    }
  });

  it('can be forgotten, of whatever age', () => {
    const recent = new Recent<number>(4);
    for (const [i, key] of ['a', 'b', 'c'].entries()) recent.set(key, i);
    recent.delete('a');
    recent.delete('c');
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([undefined, 1, undefined]);
  });
});
