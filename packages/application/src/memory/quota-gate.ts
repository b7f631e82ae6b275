import type { Admission, GateState, GateTerms, GateWish, QuotaGate, SettledSlots } from '../ports/quota-gate.js';
import type { Stopwatch } from '../ports/stopwatch.js';

interface Slot {
  readonly userId: string;
  readonly place: number;
  readonly takenAt: number;
}

interface Gate {
  readonly revision: number;
  readonly total: number;
  readonly perUser: number | null;
  issued: number;
  readonly holders: Map<string, number>;
  readonly pending: Map<string, Slot>;
  /** Slots of each user that are not settled. */
  readonly hoping: Map<string, number>;
}

const add = (counts: Map<string, number>, name: string, change: number) => {
  const count = (counts.get(name) ?? 0) + change;
  if (count > 0) counts.set(name, count);
  else counts.delete(name);
};

/** The gates of one process. */
export class InMemoryQuotaGate implements QuotaGate {
  private readonly gates = new Map<string, Gate>();

  constructor(private readonly stopwatch: Stopwatch) {}

  async open(campaign: string, { revision, total, perUser, issued, holders }: GateTerms) {
    const fresh = { holders: new Map(holders), pending: new Map(), hoping: new Map() };
    this.gates.set(campaign, { revision, total, perUser, issued, ...fresh });
    return true;
  }

  async admit(campaign: string, revision: number, wishes: readonly GateWish[]) {
    const gate = this.gates.get(campaign);
    return wishes.map((wish): Admission => {
      if (gate?.revision !== revision) return { kind: 'UNKNOWN' };
      return this.admitOne(gate, wish);
    });
  }

  private admitOne(gate: Gate, { requestId, userId }: GateWish): Admission {
    const { perUser, holders, hoping, pending, issued, total } = gate;
    const known = pending.get(requestId);
    if (known) return { kind: 'ADMITTED', place: known.place };
    if (perUser !== null) {
      const held = holders.get(userId) ?? 0;
      if (held >= perUser) return { kind: 'ALREADY' };
      if (held + (hoping.get(userId) ?? 0) >= perUser) return { kind: 'UNDECIDED' };
    }
    if (issued >= total) return { kind: 'SOLD_OUT' };
    const place = issued + pending.size + 1;
    if (place > total) return { kind: 'UNDECIDED' };
    pending.set(requestId, { userId, place, takenAt: this.stopwatch.elapsed() });
    add(hoping, userId, 1);
    return { kind: 'ADMITTED', place };
  }

  async settle(campaign: string, { issued, givenBack }: SettledSlots) {
    const gate = this.gates.get(campaign);
    if (!gate) return;
    const take = (requestId: string) => {
      const slot = gate.pending.get(requestId);
      if (!slot) return null;
      gate.pending.delete(requestId);
      add(gate.hoping, slot.userId, -1);
      return slot;
    };
    for (const requestId of issued) {
      const slot = take(requestId);
      if (!slot) continue;
      gate.issued++;
      add(gate.holders, slot.userId, 1);
    }
    for (const requestId of givenBack) take(requestId);
  }

  async state(campaign: string, staleAfterMs: number): Promise<GateState | null> {
    const gate = this.gates.get(campaign);
    if (!gate) return null;
    const { revision, total, issued, pending } = gate;
    const before = this.stopwatch.elapsed() - staleAfterMs;
    const stale = [...pending.values()].filter(({ takenAt }) => takenAt <= before).length;
    return { revision, total, issued, pending: pending.size, stale };
  }

  async close(campaign: string) {
    this.gates.delete(campaign);
  }
}
