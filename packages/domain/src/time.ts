import { wallClock, wallClockFormat } from './wall-clock.js';

/** Epoch milliseconds. The core is told the time, it never reads a clock. */
export type Instant = number;

/** The beginning of the year 1 and the end of the year 9999 in UTC: what RFC 3339 and all our stores can write. */
export const FIRST_INSTANT: Instant = -62_135_596_800_000;
export const LAST_INSTANT: Instant = 253_402_300_799_999;

/** A day of the calendar as text, `2026-11-21`; text order is time order up to the year 9999. */
export type LocalDate = string;

const DAY = 86_400_000;
/** No offset from UTC was ever larger, so a local midnight lies within this distance of the one in UTC. */
const REACH = 16 * 3_600_000;
const KEPT_DAYS = 4096;
const KEPT_ZONES = 1024;

/** What is remembered of one time zone: its formatter, starts of days, and the day that was asked for last. */
interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly starts: Map<number, Instant>;
  day: number;
  from: Instant;
  until: Instant;
}

const zones = new Map<string, Zone>();

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known) return known;
  const zone: Zone = { format: wallClockFormat(timeZone), starts: new Map(), day: 0, from: 0, until: 0 };
  if (zones.size >= KEPT_ZONES) zones.clear();
  zones.set(timeZone, zone);
  return zone;
}

const offsetAt = ({ format }: Zone, at: Instant) => wallClock(format, at) - Math.floor(at / 1000) * 1000;

/** The first instant of `(from, to]` whose offset is no longer that of `from`; offsets change on whole seconds. */
function offsetChange(zone: Zone, from: Instant, to: Instant): Instant {
  const before = offsetAt(zone, from);
  let [low, high] = [from / 1000, to / 1000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * 1000) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}

/** The first instant whose local date is the `day`-th since 1970-01-01 or a later one. */
function findStart(zone: Zone, day: number): Instant {
  const midnight = day * DAY;
  const [before, after] = [offsetAt(zone, midnight - REACH), offsetAt(zone, midnight + REACH)];
  const start = midnight - before;
  if (before === after) return start;
  const change = offsetChange(zone, midnight - REACH, midnight + REACH);
  // A clock that jumps over midnight starts the day at the jump.
  return start < change ? start : Math.max(change, midnight - after);
}

function startOf(zone: Zone, day: number): Instant {
  const known = zone.starts.get(day);
  if (known !== undefined) return known;
  if (zone.starts.size >= KEPT_DAYS) zone.starts.clear();
  const start = findStart(zone, day);
  zone.starts.set(day, start);
  return start;
}

/** Days are intervals from start to start: a clock set back over midnight does not bring yesterday back. */
function dayOf(zone: Zone, at: Instant): number {
  if (at >= zone.from && at < zone.until) return zone.day;
  let day = Math.floor((at + offsetAt(zone, at)) / DAY);
  while (startOf(zone, day + 1) <= at) day += 1;
  zone.day = day;
  zone.from = startOf(zone, day);
  zone.until = startOf(zone, day + 1);
  return day;
}

const dayNumber = (date: LocalDate) => {
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = date.split('-').map(Number);
  return Date.UTC(year, month - 1, day) / DAY;
};

function dateOf(day: number): LocalDate {
  const date = new Date(day * DAY);
  const twoDigits = (part: number) => String(part).padStart(2, '0');
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return `${year}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
}

/** Whether the runtime knows `name` as an IANA time zone; bare offsets such as `+09:00` are not names. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The local day that holds `at`, from 1900 on. Where the clock was set back over midnight the new day
 * has begun already, so days never run backwards.
 * @throws RangeError for an unknown time zone, as every function here that takes one.
 */
export const localDay = (at: Instant, timeZone: string): LocalDate => dateOf(dayOf(zoneOf(timeZone), at));

/** The first instant of a local day: not always 00:00. A day that a zone skipped starts where the next one does. */
export const startOfLocalDay = (date: LocalDate, timeZone: string): Instant =>
  startOf(zoneOf(timeZone), dayNumber(date));

/** The date `days` later on the calendar (earlier, if negative). */
export const addLocalDays = (date: LocalDate, days: number): LocalDate => dateOf(dayNumber(date) + days);

/** The end (exclusive) of the `days`-th local day after the one that holds `at`; 0 = the end of that day itself. */
export function endOfLocalDayAfter(at: Instant, days: number, timeZone: string): Instant {
  const zone = zoneOf(timeZone);
  return startOf(zone, dayOf(zone, at) + days + 1);
}

/** When the local day after the one that holds `at` begins. */
export const nextLocalDay = (at: Instant, timeZone: string): Instant => endOfLocalDayAfter(at, 0, timeZone);
