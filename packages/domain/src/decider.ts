/** Accepted with the events that happen now, or refused with a stable code and the data behind it. */
export type Decision<Event, Refusal> =
  | { readonly accepted: true; readonly events: readonly Event[] }
  | { readonly accepted: false; readonly refusal: Refusal };

export const accept = <Event>(...events: readonly Event[]) => ({ accepted: true, events }) as const;
export const refuse = <Refusal>(refusal: Refusal) => ({ accepted: false, refusal }) as const;

/** The rules of one aggregate: pure, total, and without a clock (a command carries its time). */
export interface Decider<State, Command, Event, Refusal> {
  /** The state of an aggregate that nobody has written yet. */
  readonly initial: State;
  decide(state: State, command: Command): Decision<Event, Refusal>;
  evolve(state: State, event: Event): State;
}

/** Which events may follow each status, and the status each leads to: one table per aggregate. */
export type Transitions<Status extends string, EventType extends string> = Readonly<
  Record<Status, Partial<Readonly<Record<EventType, Status | readonly Status[]>>>>
>;
