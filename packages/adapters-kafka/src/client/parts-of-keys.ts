const MULTIPLIER = 0x5bd1e995;

/** Murmur2, 32 bits. */
function hashOf(bytes: Uint8Array): number {
  const { length } = bytes;
  const words = new DataView(bytes.buffer, bytes.byteOffset, length);
  const tail = length - (length % 4);
  let hash = 0x9747b28c ^ length;
  for (let i = 0; i < tail; i += 4) {
    const word = Math.imul(words.getInt32(i, true), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word ^ (word >>> 24), MULTIPLIER);
  }
  for (let i = tail; i < length; i++) hash ^= words.getUint8(i) << (8 * (i - tail));
  if (tail < length) hash = Math.imul(hash, MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/**
 * The part of a topic that the Java client sends a key to: the same for the same key, whoever sends it. kafkajs 2.2.4
 * finds the same one with numbers that grow with the key: minutes for one of 800 kB, in which nothing else is done.
 */
export const partOfKey = (key: Uint8Array | string, parts: number): number =>
  (hashOf(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % parts;
