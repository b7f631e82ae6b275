import fc from 'fast-check';
import { balanceOf, type PointBalance } from './balance.js';
import { afterTransfers, allowedTransfers, isBalanced, noFigures, type PointTransfer } from './ledger.js';
import { Oracle } from './oracle.fixtures.js';
import { earningTransitions, type PointAccount, type PointCommand, spendingTransitions } from './point-account.js';
import { points } from './point-decider.js';
import { cancel, earn, hold, left, post, use, voidHold } from './points.fixtures.js';

/** `HISTORY_STEPS` for a longer one: counting every single point takes its time. */
const STEPS = Number(process.env.HISTORY_STEPS ?? 2_500);

/** Random numbers from a seed, so that a history that fails can be told again. */
function dice(seed: number) {
  let state = seed >>> 0;
  return (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** What may happen next; names are told again now and then, so that things are cancelled twice. */
function nextCommand(roll: (sides: number) => number, step: number, at: number): PointCommand {
  const recent = (prefix: string) => `${prefix}${Math.max(0, step - 1 - roll(40))}`;
  const debt = roll(3) === 0 ? 'REFUSED' : 'ALLOWED';
  const expiry = roll(3) === 0 ? {} : { expiresAt: at + roll(120) };
  const maturity = roll(4) === 0 ? { availableAt: at + roll(40) } : {};
  const kinds: readonly (() => PointCommand)[] = [
    () => earn(`e${step}`, 1 + roll(9), { at, ...expiry, ...maturity }),
    () => earn(`e${step}`, 1 + roll(9), { at, ...expiry, ...maturity }),
    () => use(`s${step}`, 1 + roll(12), at),
    () => hold(`s${step}`, 1 + roll(12), { at, until: at + 1 + roll(30) }),
    () => post(recent('s'), roll(2) === 0 ? null : 1 + roll(8), at),
    () => voidHold(recent('s'), at),
    () => cancel(recent('e'), at, debt),
    () => cancel(recent('s'), at),
  ];
  return (kinds[roll(kinds.length)] as () => PointCommand)();
}

const statusIn = (account: PointAccount, id: string) =>
  account.lots.find(({ pointId }) => pointId === id)?.status ??
  account.spendings.find(({ pointId }) => pointId === id)?.status ??
  'NONE';

/** Decides, checks every event against the tables, and answers the account after it. */
function lived(before: PointAccount, command: PointCommand, ledger: PointTransfer[]) {
  const decision = points.decide(before, command);
  let account = before;
  if (decision.accepted)
    for (const event of decision.events) {
      const status = statusIn(account, event.pointId);
      account = points.evolve(account, event);
      const tables: Record<string, Record<string, string>>[] = [spendingTransitions, earningTransitions];
      expect(tables.map(table => table[status]?.[event.type])).toContain(statusIn(account, event.pointId));
      for (const { from, to, points: moved } of event.transfers)
        if (!allowedTransfers[from].includes(to) || moved < 1) throw new Error(`${from} → ${to}: ${moved}`);
      ledger.push(...event.transfers);
    }
  return { account, accepted: decision.accepted };
}

/** Long over, so that no command of the history names it: what stores need not load. */
const isAlive = (account: PointAccount): PointAccount => {
  const named = new Set(account.spendings.slice(-60).flatMap(({ parts }) => parts.map(({ lotId }) => lotId)));
  const spendings = account.spendings.filter(
    ({ status }, i) => status === 'HELD' || i >= account.spendings.length - 60,
  );
  const lots = account.lots.filter(
    ({ pointId, pending, available, held, debt }, i) =>
      pending + available + held + debt > 0 || named.has(pointId) || i >= account.lots.length - 60,
  );
  return { ...account, lots, spendings };
};

function tell(seed: number, steps: number) {
  const roll = dice(seed);
  const oracle = new Oracle();
  const ledger: PointTransfer[] = [];
  let account = points.initial;
  let [at, told] = [1_000, 0];
  for (let step = 0; step < steps; step++) {
    at += roll(6);
    const command = nextCommand(roll, step, at);
    const next = lived(account, command, ledger);
    account = isAlive(next.account);
    const label = `seed ${seed}, step ${step}: ${JSON.stringify(command)}`;
    if (next.accepted !== oracle.tell(command))
      throw new Error(`${label} was ${next.accepted ? 'accepted' : 'refused'}`);
    if (next.accepted) told++;
    // Counting every single point takes as long as there are points: in a long history now and then.
    if (step > 1_000 && step % 20 > 0 && step < steps - 1) continue;
    const { held, debt } = oracle;
    const expected: PointBalance = { available: oracle.count('free'), held, pending: oracle.count('waiting'), debt };
    expect([label, balanceOf(account, at)]).toEqual([label, expected]);
  }
  return { account, oracle, ledger, at, told };
}

describe('any history of points', () => {
  it(`comes to the same as counting every single point, in ${STEPS} random steps`, () => {
    const { account, oracle, ledger, at, told } = tell(20_261_121, STEPS);
    expect(told).toBeGreaterThan(STEPS / 3);
    expect(afterTransfers(noFigures, ledger)).toEqual(account.figures);
    expect(isBalanced(account.figures)).toBe(true);
    const settled = points.decide(account, { type: 'Settle', at });
    const now = settled.accepted ? settled.events.reduce(points.evolve, account) : account;
    expect(oracle.free()).toMatchObject(left(now));
  });

  it('is balanced at every step, and every lot accounts for its points', () =>
    fc.assert(
      fc.property(fc.integer(), seed => {
        const { account, ledger } = tell(seed, 60);
        expect(afterTransfers(noFigures, ledger)).toEqual(account.figures);
        expect(isBalanced(account.figures)).toBe(true);
        for (const { pending, available, held, expired, debt, reversed, points: earned } of account.lots) {
          expect(Math.min(pending, available, held, expired, debt, reversed)).toBeGreaterThanOrEqual(0);
          expect(pending + available + held).toBeLessThanOrEqual(earned);
          expect(reversed).toBeLessThanOrEqual(earned);
        }
      }),
      { numRuns: 100 },
    ));
});
