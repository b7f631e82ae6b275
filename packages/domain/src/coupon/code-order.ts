/**
 * A keyed pseudo-random function: for the same round and half always the same number from 0 up, at least 64 bits wide
 * and unpredictable without the key, such as the first 8 bytes of an HMAC. The core has no cryptography of its own.
 */
export type KeyedFunction = (round: number, half: bigint) => bigint;

/** Part of the order: with another number of rounds the same key gives other codes, and counters lose their meaning. */
const ROUNDS = 6;
const NUMBERS_SUFFICE = 2n ** 52n;

/** Feistel rounds over left·b + right, each adding a function of one side to the other: undone by subtracting, so one to one. */
function shuffle(a: number, b: number, keyed: KeyedFunction, index: number): number {
  let [left, right] = [Math.floor(index / b), index % b];
  const [bigA, bigB] = [BigInt(a), BigInt(b)];
  for (let round = 0; round < ROUNDS; round += 2) {
    left = (left + Number(keyed(round, BigInt(right)) % bigA)) % a;
    right = (right + Number(keyed(round + 1, BigInt(left)) % bigB)) % b;
  }
  return left * b + right;
}

function shuffleBig(a: bigint, b: bigint, keyed: KeyedFunction, index: bigint): bigint {
  let [left, right] = [index / b, index % b];
  for (let round = 0; round < ROUNDS; round += 2) {
    left = (left + keyed(round, right)) % a;
    right = (right + keyed(round + 1, left)) % b;
  }
  return left * b + right;
}

/** The least whole number whose square is not below `n`. */
function ceilingRoot(n: bigint): bigint {
  let root = BigInt(Math.ceil(Math.sqrt(Number(n)))) + 1n;
  for (let next = (root + n / root) / 2n; next < root; next = (root + n / root) / 2n) root = next;
  return root * root < n ? root + 1n : root;
}

/**
 * The `index`-th number of `[0, capacity)` in an order that only the key knows: a permutation, so counting up gives
 * no number twice, and a counter is all there is to remember in order to go on later.
 * Numbers that fall beyond the capacity are shuffled on until one falls within; the grid is less than one row larger.
 * @throws RangeError if `index` is not in `[0, capacity)`.
 */
export function permute(capacity: bigint, keyed: KeyedFunction, index: bigint): bigint {
  if (index < 0n || index >= capacity) throw new RangeError('index outside the capacity');
  if (capacity < NUMBERS_SUFFICE) {
    const size = Number(capacity);
    const a = Math.ceil(Math.sqrt(size));
    const b = Math.ceil(size / a);
    let at = shuffle(a, b, keyed, Number(index));
    while (at >= size) at = shuffle(a, b, keyed, at);
    return BigInt(at);
  }
  const a = ceilingRoot(capacity);
  const b = (capacity + a - 1n) / a;
  let at = shuffleBig(a, b, keyed, index);
  while (at >= capacity) at = shuffleBig(a, b, keyed, at);
  return at;
}
