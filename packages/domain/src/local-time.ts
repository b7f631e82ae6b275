import type { Weekday } from './coupon/policy.js';
import type { Instant, LocalDate } from './time.js';
import { wallClock, wallClockFormat } from './wall-clock.js';

/** What calendar and clock on the wall show. */
export interface LocalTime {
  readonly weekday: Weekday;
  /** 0 = midnight, 1439 = 23:59. */
  readonly minuteOfDay: number;
  readonly date: LocalDate;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  slot: number;
  offset: number;
}

const DAY = 86_400_000;
/** Offsets change at whole minutes (St John's, until 2011, one minute past midnight): one look-up serves a minute. */
const SLOT = 60_000;
const weekdays: readonly Weekday[] = ['THU', 'FRI', 'SAT', 'SUN', 'MON', 'TUE', 'WED'];
const KEPT_ZONES = 1024;
const zones = new Map<string, Zone>();

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known) return known;
  const zone: Zone = { format: wallClockFormat(timeZone), slot: Number.NaN, offset: 0 };
  if (zones.size >= KEPT_ZONES) zones.clear();
  zones.set(timeZone, zone);
  return zone;
}

function offsetAt(zone: Zone, at: Instant): number {
  const slot = Math.floor(at / SLOT);
  if (slot === zone.slot) return zone.offset;
  zone.offset = wallClock(zone.format, slot * SLOT) - slot * SLOT;
  zone.slot = slot;
  return zone.offset;
}

/**
 * Local weekday, minute of the day and date of an instant.
 * @throws RangeError for an unknown time zone.
 */
export function localTime(at: Instant, timeZone: string): LocalTime {
  const local = at + offsetAt(zoneOf(timeZone), at);
  const day = Math.floor(local / DAY);
  return {
    weekday: weekdays[((day % 7) + 7) % 7] as Weekday,
    minuteOfDay: Math.floor((local - day * DAY) / 60_000),
    date: new Date(day * DAY).toISOString().slice(0, 10),
  };
}
