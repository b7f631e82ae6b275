import fc from 'fast-check';
import kafkajs, { type PartitionerArgs } from 'kafkajs';
import { partOfKey } from './parts-of-keys.js';

const PARTS = 1_000_003;
const partitionMetadata = Array.from({ length: PARTS }, (_, partitionId) => ({ partitionId, leader: -1 }));

describe('the part of a key', () => {
  // Numbers of the tests of the Java client.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('%s is that of the Java client', (key, hash) => expect(partOfKey(key, 2 ** 31)).toBe(hash & 0x7fffffff));

  it('is that of kafkajs, whatever the key is', () => {
    const choose = kafkajs.Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), key => {
        const message = { key: Buffer.from(key), value: null };
        const args = { topic: 't', partitionMetadata, message } as unknown as PartitionerArgs;
        expect(partOfKey(key, PARTS)).toBe(choose(args));
      }),
      { numRuns: 50 },
    );
  });

  it('is found by looking at each byte once', () => {
    const looks = import.meta.jest.spyOn(DataView.prototype, 'getInt32');
    partOfKey(Buffer.alloc(1_000_000, 'x'), 16);
    expect(looks).toHaveBeenCalledTimes(250_000);
    looks.mockRestore();
  });
});
