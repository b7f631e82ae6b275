import { RecordTooLargeError } from './broker.js';
import { chunksOf } from './kafkajs-sender.js';

const record = (bytes: number, key = 'ann') => ({ topic: 't', key, value: 'x'.repeat(bytes), headers: {} });

describe('what is sent at once', () => {
  it('is cut where a request would get too large, in order', () => {
    const records = [300, 300, 500, 100, 900].map((bytes, i) => record(bytes, `k${i}`));
    const keys = chunksOf(records, 1_000).map(chunk => chunk.map(({ key }) => key));
    expect(keys).toEqual([['k0', 'k1'], ['k2', 'k3'], ['k4']]);
    expect(chunksOf([], 1_000)).toEqual([]);
  });

  it('counts bytes, not characters', () => {
    expect(() => chunksOf([{ ...record(0), value: '가'.repeat(400) }], 1_000)).toThrow(RecordTooLargeError);
    expect(chunksOf([{ ...record(0), value: 'a'.repeat(400) }], 1_000)).toHaveLength(1);
  });
});
