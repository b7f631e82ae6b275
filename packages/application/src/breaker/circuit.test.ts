import fc from 'fast-check';
import { admit, type Circuit, type CircuitSettings, judge, newCircuit } from './circuit.js';

const settings = fc.record<CircuitSettings>({
  calls: fc.integer({ min: 1, max: 12 }),
  failureRate: fc.integer({ min: 1, max: 10 }).map(tenths => tenths / 10),
  openMs: fc.integer({ min: 1, max: 50 }),
  probes: fc.integer({ min: 1, max: 4 }),
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ENTER' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('LEAVE' as const), pick: fc.nat(99), failed: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('WAIT' as const), ms: fc.integer({ min: 0, max: 60 }) }) },
);

/** What happened since the last change, told by somebody who keeps everything. */
interface Memory {
  status: Circuit['status'];
  since: number;
  judged: boolean[];
  entered: number;
}

/** What must follow from a step; the circuit is told apart by its status alone. */
function follow(memory: Memory, status: Circuit['status'], now: number): void {
  if (status === memory.status) return;
  Object.assign(memory, { status, since: now, judged: [], entered: 0 });
}

const shareOf = (judged: readonly boolean[]) => judged.filter(failed => failed).length;

describe('a circuit in any history of calls', () => {
  it('opens when the last calls were too bad and only then, stays so for its time, and closes by probes alone', () =>
    fc.assert(
      fc.property(settings, fc.array(step, { minLength: 20, maxLength: 200 }), (rules, history) => {
        let circuit = newCircuit;
        let now = 0;
        const memory: Memory = { status: 'CLOSED', since: 0, judged: [], entered: 0 };
        const underWay: number[] = [];
        for (const each of history) {
          if (each.do === 'WAIT') now += each.ms;
          else if (each.do === 'ENTER') {
            const next = admit(circuit, now, rules);
            const isOver = now >= memory.since + rules.openMs;
            if (memory.status === 'CLOSED') expect(next?.status).toBe('CLOSED');
            if (memory.status === 'OPEN') expect(next?.status ?? null).toBe(isOver ? 'HALF_OPEN' : null);
            if (memory.status === 'HALF_OPEN')
              expect(next !== null).toBe(memory.entered < (rules.probes ?? 3) || isOver);
            if (!next) continue;
            const isNew = next.period !== circuit.period;
            circuit = next;
            follow(memory, circuit.status, now);
            if (isNew) Object.assign(memory, { since: now, judged: [], entered: 0 });
            memory.entered++;
            underWay.push(circuit.period);
          } else {
            const [period] = underWay.splice(each.pick % Math.max(1, underWay.length), 1);
            if (period === undefined) continue;
            const before = circuit;
            circuit = judge(circuit, { period, failed: each.failed }, now, rules);
            if (period !== before.period) {
              expect(circuit).toBe(before);
              continue;
            }
            memory.judged.push(each.failed);
            const last = memory.judged.slice(-rules.calls);
            const isTooBad = last.length === rules.calls && shareOf(last) >= rules.failureRate * rules.calls;
            const after = {
              CLOSED: isTooBad ? 'OPEN' : 'CLOSED',
              OPEN: 'OPEN',
              HALF_OPEN: each.failed ? 'OPEN' : memory.judged.length === (rules.probes ?? 3) ? 'CLOSED' : 'HALF_OPEN',
            } as const;
            expect(circuit.status).toBe(after[before.status]);
            follow(memory, circuit.status, now);
          }
        }
      }),
    ));

  it('comes to be closed again once the dependency works, however it was before', () =>
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 100 }), (rules, history) => {
        let circuit = newCircuit;
        let now = 0;
        for (const each of history) {
          if (each.do === 'WAIT') now += each.ms;
          else if (each.do === 'ENTER') circuit = admit(circuit, now, rules) ?? circuit;
          else circuit = judge(circuit, { period: circuit.period, failed: each.failed }, now, rules);
        }
        // As many as were lost in a half-open circuit are given up with it, twice at most.
        for (let turn = 0; turn < 3; turn++) {
          now += rules.openMs;
          for (let i = 0; i < 20; i++) {
            const next = admit(circuit, now, rules);
            if (next) circuit = judge(next, { period: next.period, failed: false }, now, rules);
          }
        }
        expect(circuit.status).toBe('CLOSED');
      }),
    ));
});
