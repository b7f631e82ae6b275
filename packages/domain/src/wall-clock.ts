import type { Instant } from './time.js';

/** How the clocks on the walls of a time zone are read. @throws RangeError for an unknown time zone */
export function wallClockFormat(timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric';
  return new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
  });
}

/** What the clock on the wall shows, read as if it were UTC; whole seconds, as epoch milliseconds. */
export function wallClock(format: Intl.DateTimeFormat, at: Instant): number {
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (format.format(at).match(/\d+/g) ?? []).map(
    Number,
  );
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
