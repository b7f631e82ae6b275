import {
  budgetChange,
  type Coupon,
  type CouponCommand,
  type CouponEvent,
  type CouponId,
  coupon as couponDecider,
  evolveReservation,
  type Instant,
  type PolicyTerms,
  type Reservation,
  reservationIdOf,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { couponEvents } from '../../events.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { AggregateRepository, Change, Versioned } from '../../ports/aggregate-repository.js';
import { ConflictError } from '../../ports/errors.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { openBudgets } from './budgets.js';

interface Loaded<State> {
  readonly before: Versioned<State>;
  state: State;
  events: CouponEvent[];
  /** Who caused each of the events. */
  origins: Origin[];
}

/** Coupons under lock, with all that hangs on them, for the time of one transaction. */
export interface CouponBatch {
  /** The time of the store, read after the locks were won. */
  readonly now: Instant;
  coupon(id: string): Coupon;
  reservation(id: string): Reservation;
  /** The terms that a coupon is pinned to; null for a coupon that doesn't exist. */
  terms(couponId: string): PolicyTerms | null;
  /** Decides on what the commands before it have left; answers the new state or the refusal. */
  decide(couponId: string, command: CouponCommand, origin: Origin): Outcome<Coupon>;
  /** Writes all that was accepted. */
  save(): Promise<void>;
}

const open = <State>(stored: ReadonlyMap<string, Versioned<State>>) =>
  new Map(
    [...stored].map(([id, before]): [string, Loaded<State>] => [
      id,
      { before, state: before.state, events: [], origins: [] },
    ]),
  );

type Stores = Pick<Adapters, 'clock' | 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'events'>;

/**
 * Locks coupons first and then the campaigns whose budget they touch: everybody in this order, so that nobody
 * deadlocks. A reservation is written only by whoever holds the lock of its coupon.
 */
export async function openCoupons(
  stores: Stores,
  tx: Transaction,
  couponIds: readonly string[],
  reservationIds: readonly string[],
): Promise<CouponBatch> {
  return openLocked(stores, tx, await stores.coupons.load(tx, [...new Set(couponIds)], { lock: true }), reservationIds);
}

/** The same for coupons that are locked already. */
export async function openLocked(
  stores: Stores,
  tx: Transaction,
  locked: ReadonlyMap<string, Versioned<Coupon>>,
  reservationIds: readonly string[],
): Promise<CouponBatch> {
  const coupons = open(locked);
  const holds = [...coupons.values()].flatMap(({ state }) =>
    state.status === 'RESERVED' ? [state.hold.reservationId] : [],
  );
  const keys = [...new Set([...reservationIds, ...holds])];
  // All of it under the locks and all at once: an adapter that can sends them in one go.
  const [stored, termsOf, now] = await Promise.all([
    stores.reservations.load(tx, keys),
    loadTerms(stores, tx, coupons),
    stores.clock.now(tx),
  ]);
  const reservations = open(stored);
  const budgets = await openBudgets(stores.campaigns, tx, termsOf.values());

  function moveReservations(couponId: string, state: Coupon, events: readonly CouponEvent[]) {
    if (state.status === 'NONE') return;
    const owner = { couponId: couponId as CouponId, userId: state.facts.userId };
    for (const event of events) {
      const key = reservationIdOf(event);
      const reservation = key && reservations.get(key);
      if (!reservation) continue;
      reservation.state = evolveReservation(reservation.state, event, owner);
      reservation.events.push(event);
    }
  }

  async function write<State>(what: string, repository: AggregateRepository<State>, changes: readonly Change<State>[]) {
    const written = changes.length > 0 ? await repository.save(tx, changes) : new Set();
    for (const { id } of changes)
      if (!written.has(id)) throw new ConflictError(`${what} ${id} was written by somebody else meanwhile`);
  }

  /** What ends goes first: a coupon has one live reservation at a time, in the store too. */
  async function saveReservations() {
    const moved = changesOf(reservations);
    const ended = moved.filter(({ expectedVersion }) => expectedVersion > 0);
    const begun = moved.filter(({ expectedVersion }) => expectedVersion === 0);
    await write('reservation', stores.reservations, ended);
    await write('reservation', stores.reservations, begun);
  }

  return {
    now,
    coupon: id => coupons.get(id)?.state ?? couponDecider.initial,
    reservation: id => reservations.get(id)?.state ?? { status: 'NONE' },
    terms: id => termsOf.get(id)?.terms ?? null,
    decide(id, command, origin) {
      const loaded = coupons.get(id);
      const decision = couponDecider.decide(loaded?.state ?? couponDecider.initial, command);
      if (!decision.accepted) return refused(decision.refusal);
      if (!loaded) throw new Error(`coupon ${id} was not opened`);
      const budget = budgets.take(termsOf.get(id)?.policyId ?? '', budgetChange(loaded.state, decision.events));
      if (!budget.accepted) return budget;
      loaded.state = decision.events.reduce(couponDecider.evolve, loaded.state);
      loaded.events.push(...decision.events);
      loaded.origins.push(...decision.events.map(() => origin));
      moveReservations(id, loaded.state, decision.events);
      return done(loaded.state);
    },
    async save() {
      const events = [...coupons].flatMap(([id, loaded]) => eventsOf(id, loaded));
      if (events.length === 0) return;
      await Promise.all([
        saveReservations(),
        write('coupon', stores.coupons, changesOf(coupons)),
        budgets.save(),
        stores.events.append(tx, events),
      ]);
    },
  };
}

async function loadTerms(stores: Stores, tx: Transaction, coupons: ReadonlyMap<string, Loaded<Coupon>>) {
  const refs = [...coupons].flatMap(([id, { state }]) =>
    state.status === 'NONE' ? [] : [{ id, policyId: state.facts.policyId, version: state.facts.policyVersion }],
  );
  const versions = await stores.policies.versions(tx, refs);
  return new Map(refs.flatMap(({ id }, i) => (versions[i] ? [[id, versions[i]]] : [])));
}

const changesOf = <State>(loaded: ReadonlyMap<string, Loaded<State>>) =>
  [...loaded].flatMap(([id, { before, state, events }]) =>
    events.length === 0
      ? []
      : [{ id, expectedVersion: before.version, version: before.version + events.length, state }],
  );

function eventsOf(id: string, { before, state, events, origins }: Loaded<Coupon>) {
  if (state.status === 'NONE') return [];
  const { facts } = state;
  return events.flatMap((event, i) =>
    couponEvents({ id, expectedVersion: before.version + i, events: [event], origin: origins[i] as Origin }, facts),
  );
}
