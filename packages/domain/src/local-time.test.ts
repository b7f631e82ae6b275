import fc from 'fast-check';
import { localTime } from './local-time.js';
import { localDay } from './time.js';

const at = Date.parse;

describe('local time', () => {
  it.each([
    ['2026-11-21T12:00:00+09:00', 'Asia/Seoul', 'SAT', 720, '2026-11-21'],
    ['2026-11-22T00:00:00+09:00', 'Asia/Seoul', 'SUN', 0, '2026-11-22'],
    ['2026-11-21T23:59:59.999+09:00', 'Asia/Seoul', 'SAT', 1439, '2026-11-21'],
    ['2026-11-21T12:00:00Z', 'Asia/Kathmandu', 'SAT', 1065, '2026-11-21'],
    ['2026-11-21T12:00:00Z', 'Pacific/Kiritimati', 'SUN', 120, '2026-11-22'],
    ['1969-12-31T23:00:00Z', 'UTC', 'WED', 1380, '1969-12-31'],
    // Clocks go back at 01:00 UTC: 02:59 summer time is followed by 02:00 winter time.
    ['2026-10-25T00:59:59Z', 'Europe/Berlin', 'SUN', 179, '2026-10-25'],
    ['2026-10-25T01:00:00Z', 'Europe/Berlin', 'SUN', 120, '2026-10-25'],
    // Clocks go forward from 02:00 to 03:00.
    ['2026-03-08T06:59:59Z', 'America/New_York', 'SUN', 119, '2026-03-08'],
    ['2026-03-08T07:00:00Z', 'America/New_York', 'SUN', 180, '2026-03-08'],
    // Clocks went forward at 00:01.
    ['2011-03-13T03:30:59Z', 'America/St_Johns', 'SUN', 0, '2011-03-13'],
    ['2011-03-13T03:31:00Z', 'America/St_Johns', 'SUN', 61, '2011-03-13'],
  ])('%s in %s', (instant, zone, weekday, minuteOfDay, date) =>
    expect(localTime(at(instant), zone)).toEqual({ weekday, minuteOfDay, date }),
  );

  it('refuses a zone that nobody knows', () => expect(() => localTime(0, 'Moon/Tranquility')).toThrow(RangeError));

  it('agrees with the calendar of the runtime whatever was asked before', () => {
    const zone = fc.constantFrom('Asia/Seoul', 'Europe/London', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC');
    const instant = fc.integer({ min: at('1980-01-01T00:00:00Z'), max: at('2037-01-01T00:00:00Z') });
    fc.assert(
      fc.property(fc.array(fc.tuple(instant, zone), { maxLength: 5 }), asked => {
        for (const [when, timeZone] of asked) {
          const parts = new Intl.DateTimeFormat('en-US', {
            ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
          });
          const { weekday, minuteOfDay } = localTime(when, timeZone);
          const [day = '', clock = ''] = parts.format(when).split(/,? /);
          const [hour = 0, minute = 0] = clock.split(':').map(Number);
          expect([weekday, minuteOfDay]).toEqual([day.toUpperCase(), hour * 60 + minute]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has the date of the local day, save where a clock is set back over midnight', () =>
    expect(localTime(at('2026-06-01T15:00:00Z'), 'Asia/Seoul').date).toBe(
      localDay(at('2026-06-01T15:00:00Z'), 'Asia/Seoul'),
    ));
});
