import { FIRST_INSTANT, type Instant, LAST_INSTANT } from './time.js';

const form = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * Epoch milliseconds of an RFC 3339 time, null if `text` is none: the offset is required, days must exist, and
 * what is finer than a millisecond is cut. Leap seconds are not known.
 */
export function parseInstant(text: string): Instant | null {
  const found = form.exec(text);
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const [fraction = '', offset = '', sign, offsetHours = '0', offsetMinutes = '0'] = found.slice(7);
  if (year === 0 || hour > 23 || minute > 59 || second > 59) return null;
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const wall = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + Number(`${fraction}000`.slice(0, 3));
  if (offset.toUpperCase() === 'Z') return wall;
  const shift = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return sign === '-' ? wall + shift : wall - shift;
}

/** Whether RFC 3339 can write it: it has four digits for the year. */
export const isWritable = (instant: Instant): boolean => instant >= FIRST_INSTANT && instant <= LAST_INSTANT;
