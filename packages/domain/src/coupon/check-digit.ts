/** A group on `0 … size-1` as tables, and a mapping of it such that x·φ(y) = y·φ(x) only for x = y. */
interface Scheme {
  readonly size: number;
  /** `times[x * size + y]` = x·y. */
  readonly times: readonly number[];
  readonly inverse: readonly number[];
  /** `powers[i][x]` = φ applied i times to x. */
  readonly powers: readonly (readonly number[])[];
}

/** The longest run of positions that a scheme has tables for. */
export const MOST_POSITIONS = 64;
export const LARGEST_ALPHABET = 64;

interface Group {
  readonly times: (x: number, y: number) => number;
  readonly phi: (x: number) => number;
}

const remainder = (x: number, m: number) => ((x % m) + m) % m;

/** Odd order: addition modulo m and φ(x) = -x. x-y = y-x means 2(x-y) = 0, and 2 has an inverse modulo m. */
const cyclic = (m: number): Group => ({ times: (x, y) => (x + y) % m, phi: x => remainder(-x, m) });

/**
 * Order 2m, m odd and above 1: the rotations rⁱ and reflections rⁱs of a polygon with m corners, φ(rⁱ) = r⁻ⁱ and
 * φ(rⁱs) = rⁱ⁺¹s. Two rotations or two reflections: as above, 2 has an inverse. One of each: the exponents i+j+1 and i+j differ.
 */
const dihedral = (m: number): Group => ({
  times: (x, y) => {
    const turned = x < m ? x + y : x - y;
    return remainder(turned, m) + (x < m === y < m ? 0 : m);
  },
  phi: x => (x < m ? remainder(-x, m) : m + ((x + 1) % m)),
});

/**
 * Order 2ᵏ, k above 1: bits under XOR, and φ = multiplication by x modulo xᵏ + x + 1. Neither x nor x + 1 divides
 * that polynomial, so that φ and φ + 1 are both one to one.
 */
const binary = (k: number): Group => ({
  times: (x, y) => x ^ y,
  phi: x => (x << 1 < 1 << k ? x << 1 : (x << 1) ^ (1 << k) ^ 0b11),
});

/** Side by side: where two elements differ, they differ in one of the halves, and that half does the telling. */
const product = (left: Group, right: Group, m: number): Group => ({
  times: (x, y) => left.times(Math.floor(x / m), Math.floor(y / m)) * m + right.times(x % m, y % m),
  phi: x => left.phi(Math.floor(x / m)) * m + right.phi(x % m),
});

function groupOf(size: number): Group {
  let [twos, odd] = [0, size];
  for (; odd % 2 === 0; odd /= 2) twos += 1;
  if (twos === 0) return cyclic(odd);
  // Order 2 has no such φ at all; plain parity still tells every substitution.
  if (twos === 1) return odd === 1 ? { times: (x, y) => x ^ y, phi: x => x } : dihedral(odd);
  return product(binary(twos), cyclic(odd), odd);
}

function makeScheme(size: number): Scheme {
  const { times, phi } = groupOf(size);
  const all = Array.from({ length: size }, (_, x) => x);
  const powers = [all];
  while (powers.length <= MOST_POSITIONS) powers.push((powers.at(-1) ?? all).map(phi));
  return {
    size,
    times: all.flatMap(x => all.map(y => times(x, y))),
    inverse: all.map(x => all.find(y => times(x, y) === 0) ?? 0),
    powers,
  };
}

const schemes: Scheme[] = [];
const schemeOf = (size: number): Scheme => {
  schemes[size] ??= makeScheme(size);
  return schemes[size];
};

function fold(scheme: Scheme, digits: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1)
    sum = scheme.times[sum * scheme.size + (scheme.powers[i]?.[digits[i] ?? 0] ?? 0)] ?? 0;
  return sum;
}

/**
 * The check digit for `digits` (each from 0 to size-1, fewer than 64 of them) in an alphabet of `size` characters, 2 to 64.
 * With it at the end, every single substitution and, from size 3 on, every transposition of two neighbours
 * breaks {@link isIntact}; the check digit itself is no exception. For size 2 no check digit whatever can tell a
 * transposition: the one that tells substitutions is parity, and parity does not look at order.
 *
 * Why it holds: the digits a₀ a₁ … are intact if a₀·φ(a₁)·φ²(a₂)·… is the group's identity. φ is one to one, so changing one
 * factor changes the product. Swapping neighbours a, b keeps it only if φⁱ(a)·φ(φⁱ(b)) = φⁱ(b)·φ(φⁱ(a)), hence a = b.
 */
export function checkDigit(size: number, digits: readonly number[]): number {
  const scheme = schemeOf(size);
  const missing = scheme.inverse[fold(scheme, digits)] ?? 0;
  return (scheme.powers[digits.length] ?? []).indexOf(missing);
}

/** Whether `digits` end with their check digit. */
export const isIntact = (size: number, digits: readonly number[]): boolean => fold(schemeOf(size), digits) === 0;
