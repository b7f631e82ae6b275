import { Gauge, type Registry } from 'prom-client';

/** One figure of a group of consumers, as `/metrics` shows it. */
export interface GroupGauge<Figures> {
  readonly name: string;
  readonly help: string;
  of(figures: Figures): number;
}

/** Shows figures by group; a group that is not among the answers any more is not shown any more. */
export function showGroups<Figures extends { readonly group: string }>(
  registry: Registry,
  gauges: readonly GroupGauge<Figures>[],
  ask: () => readonly Figures[] | Promise<readonly Figures[]>,
): void {
  for (const { name, help, of } of gauges) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: ['group'],
      registers: [registry],
      async collect() {
        const groups = await ask();
        gauge.reset();
        for (const each of groups) gauge.set({ group: each.group }, of(each));
      },
    });
  }
}
