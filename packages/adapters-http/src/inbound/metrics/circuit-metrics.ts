import type { CircuitBreaker, CircuitFigures, CircuitStatus } from '@org/application';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What is read of a breaker. */
export type Breaker = Pick<CircuitBreaker, 'name' | 'figures'>;

const statuses = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const satisfies readonly CircuitStatus[];
const results = ['succeeded', 'failed', 'rejected'] as const satisfies readonly (keyof CircuitFigures)[];

/** Shows breakers among the figures of `registry`, as they are when somebody looks. */
export function showCircuits(registry: Registry, breakers: readonly Breaker[]): void {
  const registers = [registry];
  const state: Gauge = new Gauge({
    name: 'circuit_state',
    help: 'Whether calls to a dependency are let through: 1 for the status that its circuit has.',
    labelNames: ['dependency', 'status'],
    registers,
    collect: () => {
      for (const { name, figures } of breakers)
        for (const status of statuses) state.set({ dependency: name, status }, figures.status === status ? 1 : 0);
    },
  });
  const calls: Counter = new Counter({
    name: 'circuit_calls_total',
    help: 'Calls to a dependency, by what became of them; rejected = not let through.',
    labelNames: ['dependency', 'result'],
    registers,
    collect: () => {
      calls.reset();
      for (const { name, figures } of breakers)
        for (const result of results) calls.inc({ dependency: name, result }, figures[result]);
    },
  });
}
