import fc from 'fast-check';
import { LONGEST_NOTE } from '../client/broker.js';
import { knowledgeOf, noteOf } from './notes.js';
import { PlaceProgress } from './place-progress.js';

const at = (offset: number, note = '') => ({ topic: 'order-events', partition: 3, offset, note });
const begun = (progress: PlaceProgress, ...offsets: number[]) => {
  for (const offset of offsets) progress.begin(offset, offset * 10);
  progress.reached(Math.max(...offsets) + 1, 100);
  return progress;
};

describe('how far a member is in a part', () => {
  it('counts only what is done without a gap before it', () => {
    const progress = begun(new PlaceProgress(at(5)), 5, 6, 8, 9);
    progress.finish(6);
    progress.finish(8);
    expect([progress.offset, progress.inHand, progress.lag, progress.oldest]).toEqual([5, 4, 95, 50]);
    progress.finish(5);
    expect([progress.offset, progress.inHand]).toEqual([9, 1]);
    progress.finish(9);
    expect([progress.offset, progress.inHand, progress.oldest]).toEqual([10, 0, null]);
  });

  it('has news until they are committed, also when only a failure is new', () => {
    const progress = begun(new PlaceProgress(at(0)), 0, 1);
    expect(progress.news).toBeNull();
    progress.failed(0, 2);
    const news = progress.news;
    expect(news).toMatchObject({ topic: 'order-events', partition: 3, offset: 0 });
    if (news) progress.wasCommitted(news);
    expect(progress.news).toBeNull();
    progress.finish(0);
    expect(progress.news).toEqual(at(1));
  });

  it('leaves to whoever has the part next what failed and what is done, in any order of the world', () =>
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.array(fc.record({ done: fc.boolean(), failures: fc.nat(3) }), { minLength: 1, maxLength: 50 }),
        (first, records) => {
          const offsets = records.map((_, i) => first + i);
          const progress = begun(new PlaceProgress(at(first)), ...offsets);
          for (const [i, { done, failures }] of records.entries()) {
            if (failures > 0) progress.failed(first + i, failures);
            if (done) progress.finish(first + i);
          }
          const position = progress.news ?? at(first);
          const heir = new PlaceProgress(position);
          const rest = offsets.filter(offset => offset >= position.offset);
          for (const offset of rest) {
            const { done, failures } = records[offset - first] as { done: boolean; failures: number };
            expect(heir.begin(offset, 0)).toBe(!done);
            if (!done) expect(heir.failuresOf(offset)).toBe(failures);
          }
        },
      ),
    ));
});

describe('a note beside a position', () => {
  it('has room for what is not too much, and leaves out the rest', () => {
    const done = new Set(Array.from({ length: 20_000 }, (_, i) => 1_000 + i * 2));
    const note = noteOf({ failures: new Map([[1_001, 2]]), done }, 1_000, LONGEST_NOTE);
    expect(note.length).toBeLessThanOrEqual(LONGEST_NOTE);
    const known = knowledgeOf(note, 1_000);
    expect([...known.failures]).toEqual([[1_001, 2]]);
    expect(known.done.size).toBeGreaterThan(500);
    for (const offset of known.done) expect(done.has(offset)).toBe(true);
  });

  it.each(['', 'somebody else', '2;;', '1;x', '1;;0-zzzzzzzz', '{"a":1}'])('of others tells nothing: %s', note =>
    expect(knowledgeOf(note, 5)).toEqual({ failures: new Map(), done: new Set() }),
  );

  it('is empty when there is nothing to tell', () =>
    expect(noteOf({ failures: new Map(), done: new Set() }, 5, LONGEST_NOTE)).toBe(''));
});
