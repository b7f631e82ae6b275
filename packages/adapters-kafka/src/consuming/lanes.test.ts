import { Lanes } from './lanes.js';

const filled = (...names: string[]) => {
  const lanes = new Lanes<string>();
  for (const [i, name] of names.entries()) lanes.add(name[0] as string, `${name}${i}`);
  return lanes;
};

describe('lanes', () => {
  it('give what has waited longest first, several of a lane in order', () => {
    const lanes = filled('a', 'b', 'a', 'c');
    expect(lanes.take(3)).toEqual(['a0', 'a2', 'b1']);
    expect(lanes.take(3)).toEqual(['c3']);
  });

  it('give nothing of a lane of which something is being handled', () => {
    const lanes = filled('a', 'a');
    expect(lanes.take(1)).toEqual(['a0']);
    lanes.add('a', 'late');
    expect(lanes.take(9)).toEqual([]);
    lanes.release('a', 1);
    expect(lanes.take(9)).toEqual(['a1', 'late']);
  });

  it('let a lane rest with what was not done, and hold up no other one', () => {
    const lanes = filled('a', 'b');
    lanes.take(9);
    lanes.release('a', 0, true);
    lanes.release('b', 1);
    lanes.add('b', 'next');
    expect(lanes.take(9)).toEqual(['next']);
    lanes.release('a', 0);
    expect(lanes.take(9)).toEqual(['a0']);
  });

  it('count what waits and what is being handled', () => {
    const lanes = filled('a', 'a', 'b');
    expect(lanes.size).toBe(3);
    lanes.take(2);
    expect(lanes.size).toBe(3);
    lanes.release('a', 2);
    expect(lanes.size).toBe(1);
  });
});
