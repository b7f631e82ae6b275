import { Recent } from './recent.js';

describe('what is remembered of late', () => {
  it('is what was asked for last', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    recent.get('a');
    recent.set('c', 3);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3]);
  });

  it('is at least the latest half, and never more than all of it', () => {
    const recent = new Recent<number>(10);
    for (let i = 0; i < 1_000; i++) {
      recent.set(`k${i}`, i);
      expect(recent.get(`k${i}`)).toBe(i);
    }
    for (let i = 0; i < 995; i++) expect(recent.get(`k${i - 5}`)).toBeUndefined();
    for (let i = 995; i < 1_000; i++) {
      expect(recent.get(`k${i}`)).toBe(i);
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
