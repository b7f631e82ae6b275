import { randomFillSync } from 'node:crypto';
import type { IdGenerator } from '@org/application';

const RANDOM_BYTES = 8;
const POOL_IDS = 512;

/**
 * UUIDv7 (RFC 9562, method 2 of its chapter on monotonicity): 48 bits of time, then a counter of 12 bits that starts
 * low in every millisecond, then 62 random bits. Later ones of a process sort later, even when its clock goes back.
 */
export class UuidV7Generator implements IdGenerator {
  private millisecond = 0;
  private counter = 0;
  private readonly pool = Buffer.alloc(RANDOM_BYTES * POOL_IDS);
  private used = this.pool.length;

  constructor(private readonly clock: () => number = Date.now) {}

  next(): string {
    const random = this.random();
    const now = this.clock();
    if (now > this.millisecond) {
      this.millisecond = now;
      this.counter = (random.readUInt16BE(0) ^ random.readUInt16BE(2)) & 0x3ff;
    } else if (++this.counter > 0xfff) {
      // More than the counter holds in one millisecond: borrow the next one.
      this.millisecond++;
      this.counter = 0;
    }
    const time = this.millisecond.toString(16).padStart(12, '0');
    const count = this.counter.toString(16).padStart(3, '0');
    random[0] = (random.readUInt8(0) & 0x3f) | 0x80;
    const rest = random.toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  }

  private random(): Buffer {
    if (this.used === this.pool.length) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    this.used += RANDOM_BYTES;
    return this.pool.subarray(this.used - RANDOM_BYTES, this.used);
  }
}
