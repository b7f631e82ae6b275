/** When a circuit opens, for how long, and who may find out whether all is well again. */
export interface CircuitSettings {
  /** The last calls that are judged; before there are as many, none is too bad. */
  readonly calls: number;
  /** The share of them that may not be reached by failures, above 0 and up to 1. */
  readonly failureRate: number;
  /** How long nobody is let through, ms. */
  readonly openMs: number;
  /** How many are let through then to try; all of them have to succeed. Default 3. */
  readonly probes?: number;
}

/** The figures of the mission's two kinds of dependencies. */
export const circuitSettings = {
  /** Half of ten calls failed: half a minute. */
  careful: { calls: 10, failureRate: 0.5, openMs: 30_000 },
  /** Three fifths of eight calls failed: twenty seconds. */
  patient: { calls: 8, failureRate: 0.6, openMs: 20_000 },
} as const satisfies Record<string, CircuitSettings>;

export type Circuit = {
  /** Counts the changes: what a call was let through by. */
  readonly period: number;
} & (
  | {
      readonly status: 'CLOSED';
      /** Whether each of the last calls failed, oldest first. */
      readonly failed: readonly boolean[];
    }
  | { readonly status: 'OPEN'; readonly until: number }
  | { readonly status: 'HALF_OPEN'; readonly since: number; readonly letIn: number; readonly succeeded: number }
);

export const newCircuit: Circuit = { period: 0, status: 'CLOSED', failed: [] };

const opened = ({ period }: Circuit, now: number, { openMs }: CircuitSettings): Circuit => ({
  ...{ period: period + 1, status: 'OPEN', until: now + openMs },
});
const halfOpen = ({ period }: Circuit, now: number): Circuit => ({
  ...{ period: period + 1, status: 'HALF_OPEN', since: now, letIn: 1, succeeded: 0 },
});
const closed = ({ period }: Circuit): Circuit => ({ period: period + 1, status: 'CLOSED', failed: [] });

const probesOf = ({ probes = 3 }: CircuitSettings) => probes;

/**
 * The circuit with one more call let through; null = not now.
 * @param now ms of a stopwatch
 */
export function admit(circuit: Circuit, now: number, settings: CircuitSettings): Circuit | null {
  switch (circuit.status) {
    case 'CLOSED':
      return circuit;
    case 'OPEN':
      return now >= circuit.until ? halfOpen(circuit, now) : null;
    case 'HALF_OPEN':
      if (circuit.letIn < probesOf(settings)) return { ...circuit, letIn: circuit.letIn + 1 };
      // Those who were to find out never came back: others try.
      return now >= circuit.since + settings.openMs ? halfOpen(circuit, now) : null;
  }
}

/** The circuit after a call that was let through in this `period`. One of an earlier period tells nothing of now. */
export function judge(
  circuit: Circuit,
  call: { readonly period: number; readonly failed: boolean },
  now: number,
  settings: CircuitSettings,
): Circuit {
  if (call.period !== circuit.period) return circuit;
  switch (circuit.status) {
    case 'CLOSED': {
      const failed = [...circuit.failed, call.failed].slice(-settings.calls);
      const failures = failed.filter(each => each).length;
      const isTooBad = failed.length === settings.calls && failures >= settings.failureRate * settings.calls;
      return isTooBad ? opened(circuit, now, settings) : { ...circuit, failed };
    }
    case 'HALF_OPEN': {
      if (call.failed) return opened(circuit, now, settings);
      const succeeded = circuit.succeeded + 1;
      return succeeded === probesOf(settings) ? closed(circuit) : { ...circuit, succeeded };
    }
    case 'OPEN':
      return circuit;
  }
}
