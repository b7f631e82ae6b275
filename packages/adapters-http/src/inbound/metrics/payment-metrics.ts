import { Counter, type Registry } from 'prom-client';

/** Shows the payments that somebody has to see to among the figures of `registry`, by what came of them. */
export function showPayments(registry: Registry, figures: () => ReadonlyMap<string, number>): void {
  const payments: Counter = new Counter({
    name: 'payments_to_see_to_total',
    help: 'Payment events recorded by this process that a person has to see to, by what came of them.',
    labelNames: ['outcome'],
    registers: [registry],
    collect: () => {
      payments.reset();
      for (const [outcome, count] of figures()) payments.inc({ outcome }, count);
    },
  });
}
