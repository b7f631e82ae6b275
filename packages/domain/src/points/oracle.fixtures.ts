import type { PointCommand } from './point-account.js';

/** One point, and where it is. */
type Where = 'waiting' | 'free' | 'gone' | 'back' | { readonly by: string; spent: boolean };

interface Earned {
  readonly name: string;
  readonly availableAt: number;
  readonly expiresAt: number;
  readonly units: Where[];
  size: number;
  takenBack: number;
  cancelled: boolean;
  owed: number;
}
interface Taken {
  readonly name: string;
  readonly until: number;
  status: 'held' | 'spent' | 'over' | 'cancelled';
  /** Lots of its points, one entry per point, in the order of taking. */
  lots: Earned[];
}

const by = (unit: Where, name: string): unit is Exclude<Where, string> => typeof unit === 'object' && unit.by === name;

function turn({ units }: Earned, from: Where, to: Where) {
  for (const [i, unit] of units.entries()) if (unit === from) units[i] = to;
}

/**
 * A second opinion on points, as simple as can be: every single point is remembered with where it is, and each
 * command walks through all of them. Shares no code with the rules.
 */
export class Oracle {
  private readonly earned: Earned[] = [];
  private readonly taken: Taken[] = [];

  /** Does what is allowed; answers whether it was. */
  tell(command: PointCommand): boolean {
    this.passTime(command.at);
    switch (command.type) {
      case 'Earn':
        return this.earn(command.pointId, command.points, command.availableAt ?? 0, command.expiresAt, command.at);
      case 'Use':
        return this.take(command.pointId, command.points, Number.POSITIVE_INFINITY, true);
      case 'Hold':
        return this.take(command.pointId, command.points, command.until, false);
      case 'Post':
        return this.post(command.pointId, command.points, command.at);
      case 'Void':
        return this.void(command.pointId, command.at);
      case 'Cancel':
        return this.cancel(command.pointId, command.at, command.debt === 'ALLOWED');
      default:
        return true;
    }
  }

  count(where: 'free' | 'waiting') {
    return this.earned.reduce((sum, { units }) => sum + units.filter(unit => unit === where).length, 0);
  }

  /** By lot: what could be spent. */
  free() {
    return Object.fromEntries(this.earned.map(({ name, units }) => [name, units.filter(u => u === 'free').length]));
  }

  get held() {
    return this.taken.filter(({ status }) => status === 'held').reduce((sum, { lots }) => sum + lots.length, 0);
  }

  get debt() {
    return this.earned.reduce((sum, { owed }) => sum + owed, 0);
  }

  private passTime(at: number) {
    for (const taken of this.taken)
      if (taken.status === 'held' && taken.until <= at) this.release(taken, 0, taken.until);
    for (const lot of this.earned) {
      if (lot.availableAt <= at) turn(lot, 'waiting', 'free');
      if (lot.expiresAt <= at) turn(lot, 'free', 'gone');
    }
  }

  private earn(name: string, size: number, availableAt: number, expiry: number | null, at: number) {
    const expiresAt = expiry ?? Number.POSITIVE_INFINITY;
    if (expiresAt <= Math.max(at, availableAt)) return false;
    const units: Where[] = [];
    for (let i = 0; i < size; i++) {
      const creditor = this.earned.find(({ owed }) => owed > 0);
      if (creditor) creditor.owed -= 1;
      else units.push(availableAt > at ? 'waiting' : 'free');
    }
    this.earned.push({ name, availableAt, expiresAt, units, size, takenBack: 0, cancelled: false, owed: 0 });
    return true;
  }

  private take(name: string, size: number, until: number, spent: boolean) {
    if (this.count('free') < size) return false;
    const lots: Earned[] = [];
    for (let i = 0; i < size; i++) {
      const open = this.earned.filter(({ units }) => units.includes('free'));
      const [lot] = open.sort((a, b) => (a.expiresAt === b.expiresAt ? 0 : a.expiresAt - b.expiresAt));
      if (!lot) return false;
      lot.units[lot.units.indexOf('free')] = { by: name, spent };
      lots.push(lot);
    }
    this.taken.push({ name, until, status: spent ? 'spent' : 'held', lots });
    return true;
  }

  /** Gives back all points of a taking but the first `kept`. */
  private release(taken: Taken, kept: number, at: number) {
    for (const lot of taken.lots.slice(kept)) {
      const place = lot.units.findIndex(unit => by(unit, taken.name));
      if (lot.owed > 0) {
        lot.owed -= 1;
        lot.units.splice(place, 1);
      } else lot.units[place] = lot.expiresAt <= at ? 'gone' : 'free';
    }
    taken.lots = taken.lots.slice(0, kept);
    if (kept === 0) taken.status = 'over';
  }

  private post(name: string, points: number | null, at: number) {
    const taken = this.taken.find(each => each.name === name && each.until !== Number.POSITIVE_INFINITY);
    if (!taken) return false;
    const wanted = points ?? taken.lots.length;
    if (taken.status === 'spent') return points === null || points === taken.lots.length;
    if (taken.status !== 'held' || wanted > taken.lots.length) return false;
    this.release(taken, wanted, at);
    taken.status = 'spent';
    return true;
  }

  private void(name: string, at: number) {
    const taken = this.taken.find(each => each.name === name && each.until !== Number.POSITIVE_INFINITY);
    if (!taken || taken.status === 'spent' || taken.status === 'cancelled') return false;
    if (taken.status === 'held') this.release(taken, 0, at);
    return true;
  }

  private cancel(name: string, at: number, mayOwe: boolean) {
    const lot = this.earned.find(each => each.name === name);
    if (lot) return lot.cancelled || this.takeBack(lot, mayOwe);
    const taken = this.taken.find(each => each.name === name);
    if (!taken || taken.until !== Number.POSITIVE_INFINITY) return false;
    if (taken.status === 'spent') this.release(taken, 0, at);
    taken.status = 'cancelled';
    return true;
  }

  private takeBack(lot: Earned, mayOwe: boolean) {
    const there = lot.units.filter(unit => typeof unit === 'string').length;
    if (there < lot.size && !mayOwe) return false;
    lot.units.splice(0, lot.units.length, ...lot.units.filter(unit => typeof unit === 'object'));
    lot.owed += lot.size - there;
    lot.cancelled = true;
    return true;
  }
}
