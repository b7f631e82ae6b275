import { isUuid } from '@org/domain';
import { UuidV7Generator } from './uuid-v7-generator.js';

const make = (count: number, clock?: () => number) => {
  const generator = new UuidV7Generator(clock);
  return Array.from({ length: count }, () => generator.next());
};
const inOrder = (ids: readonly string[]) => ids.every((id, i) => i === 0 || (ids[i - 1] ?? '') < id);

let clockThatGoesBack = 1_000_000;
const backwards = () => clockThatGoesBack--;

describe('UUIDv7', () => {
  it('has the form, the version and the variant of RFC 9562', () => {
    for (const id of make(2_000)) {
      expect(isUuid(id)).toBe(true);
      expect(id).toMatch(/^.{14}7.{4}[89ab]/);
    }
  });

  it('begins with the time in milliseconds', () => {
    const [id = ''] = make(1, () => 1_772_368_496_789);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(1_772_368_496_789);
  });

  it.each<[string, () => number]>([
    ['within one millisecond, also when it overflows', () => 1_000],
    ['when the clock goes back', backwards],
    ['with the clock of the machine', Date.now],
  ])('sorts in the order of its making %s', (_, clock) => {
    const ids = make(20_000, clock);
    expect(inOrder(ids)).toBe(true);
    expect(new Set(ids).size).toBe(20_000);
  });
});
