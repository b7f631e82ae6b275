const instantNames = /^(from|until|validFrom|[a-z]+At)$/;
/** Smaller numbers under such a name are amounts or counts. */
const EARLIEST = 100_000_000_000;

/** A value out of the data of a refusal, for the outside: an instant, which its name tells, as RFC 3339 in UTC. */
export const outward = (name: string, value: unknown): unknown =>
  typeof value === 'number' && value > EARLIEST && instantNames.test(name) ? new Date(value).toISOString() : value;

/** The same for all data of a refusal. */
export const outwardData = (data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [name, outward(name, value)]));
