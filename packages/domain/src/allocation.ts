/** What can bear a share of an amount. All figures are whole and not negative. */
export interface Bearer {
  /** Shares are in proportion to this; weight 0 bears nothing. */
  readonly weight: number;
  /** No share is above this. */
  readonly limit: number;
}

/** A part of the weights that still has room, in one round of spreading. */
interface Active {
  readonly index: number;
  readonly weight: number;
  share: number;
  rest: number;
}

/** Share rounded down and what was lost by it, in `total`-ths of a unit. */
function divide(amount: number, active: Active, total: number): void {
  const product = amount * active.weight;
  if (product <= Number.MAX_SAFE_INTEGER) {
    active.share = Math.floor(product / total);
    active.rest = product - active.share * total;
    return;
  }
  const exact = BigInt(amount) * BigInt(active.weight);
  active.share = Number(exact / BigInt(total));
  active.rest = Number(exact % BigInt(total));
}

/** Shares of `amount` by weight that add up to it exactly: rounded down, then one more for the largest remainders. */
function spreadOnce(amount: number, actives: readonly Active[]): void {
  let total = 0;
  for (const active of actives) total += active.weight;
  let left = amount;
  for (const active of actives) {
    divide(amount, active, total);
    left -= active.share;
  }
  if (left === 0) return;
  const byRest = [...actives].sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const active of byRest.slice(0, left)) active.share += 1;
}

/**
 * Spreads `amount` over `bearers` in proportion to their weights (pricing rule 9). Shares are rounded down, the rest
 * goes by largest remainder, and of equal remainders to the one that stands first: callers sort by `lineId`. A share
 * is cut at its limit; what was cut is spread in the same way over those that have room, and what fits nowhere is not
 * given. The answer has one share per bearer, in the same order.
 *
 * The sums of `amount` and of all weights must be safe integers; every product is exact whatever its size.
 */
export function allocate(amount: number, bearers: readonly Bearer[]): number[] {
  const shares = bearers.map(() => 0);
  const room = bearers.map(({ limit }) => limit);
  let actives: Active[] = [];
  bearers.forEach(({ weight, limit }, index) => {
    if (weight > 0 && limit > 0) actives.push({ index, weight, share: 0, rest: 0 });
  });
  let left = amount;
  while (left > 0 && actives.length > 0) {
    spreadOnce(left, actives);
    for (const { index, share } of actives) {
      const free = room[index] ?? 0;
      const given = Math.min(share, free);
      shares[index] = (shares[index] ?? 0) + given;
      room[index] = free - given;
      left -= given;
    }
    actives = actives.filter(({ index }) => (room[index] ?? 0) > 0);
  }
  return shares;
}

/**
 * The net of each unit of a line. Units of a line weigh the same, so they differ by at most 1, and the first unit
 * numbers got the odd minor units of the discount: their nets are the lower ones.
 */
export function unitNets(net: number, quantity: number): number[] {
  const low = Math.floor(net / quantity);
  const units = new Array<number>(quantity).fill(low);
  return units.fill(low + 1, quantity - (net - low * quantity));
}
