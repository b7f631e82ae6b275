import fc from 'fast-check';
import { addLocalDays, endOfLocalDayAfter, isTimeZone, localDay, nextLocalDay, startOfLocalDay } from './time.js';

const MINUTE = 60_000;
const zones = [
  ...['Asia/Seoul', 'UTC', 'America/New_York', 'Europe/London', 'America/Sao_Paulo', 'Australia/Lord_Howe'],
  ...['Pacific/Apia', 'America/St_Johns', 'Africa/Casablanca', 'Pacific/Kiritimati', 'Asia/Kathmandu', 'Africa/Cairo'],
];

/** Wall dates by a formatter of their own, so that a mistake in `time.ts` is not repeated here. */
const wallFormats = new Map(
  zones.map(timeZone => [timeZone, new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })]),
);
const wallDate = (at: number, timeZone: string) => wallFormats.get(timeZone)?.format(at) ?? '';

/** The slow way: walk through two days and a half minute by minute, and remember the latest date seen. */
function slowDay(at: number, timeZone: string) {
  let latest = '';
  for (let minute = at - 30 * 60 * MINUTE; minute <= at; minute += MINUTE) {
    const date = wallDate(minute, timeZone);
    if (date > latest) latest = date;
  }
  return latest;
}

function slowStart(date: string, timeZone: string) {
  let minute = Date.parse(`${date}T00:00Z`) - 16 * 60 * MINUTE;
  while (wallDate(minute, timeZone) < date) minute += MINUTE;
  return minute;
}

const anInstant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2045, 0) });
/** Days on which some zone of the list changes its clock come up often, not once in a blue moon. */
const aMinute = fc
  .oneof(
    anInstant,
    fc
      .tuple(fc.constantFrom(...clockChanges()), fc.integer({ min: -48 * 60, max: 48 * 60 }))
      .map(([at, minutes]) => at + minutes * MINUTE),
  )
  .map(at => Math.floor(at / MINUTE) * MINUTE);

function clockChanges() {
  const days = ['2011-12-30', '2018-11-04', '2018-02-18', '2010-11-07', '2011-03-13', '2026-03-08', '2026-11-01'];
  const more = ['2026-03-29', '2026-10-25', '2026-10-04', '2026-04-05', '2026-02-15', '2026-03-22', '2026-04-24'];
  return [...days, ...more].map(day => Date.parse(`${day}T00:00Z`));
}

describe('a local day', () => {
  it.each([
    ['2026-11-21', 'Asia/Seoul', '2026-11-20T15:00:00.000Z', 'an ordinary day'],
    ['2026-11-21', 'UTC', '2026-11-21T00:00:00.000Z', 'UTC itself'],
    ['2026-11-21', 'Etc/GMT-14', '2026-11-20T10:00:00.000Z', 'fourteen hours ahead'],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z', 'the day with 23 hours'],
    ['2026-03-09', 'America/New_York', '2026-03-09T04:00:00.000Z', 'the day after it'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z', 'the day with 25 hours'],
    ['2026-11-02', 'America/New_York', '2026-11-02T05:00:00.000Z', 'the day after it'],
    ['2026-03-29', 'Europe/London', '2026-03-29T00:00:00.000Z', 'the clock goes forward at one'],
    ['2026-03-30', 'Europe/London', '2026-03-29T23:00:00.000Z', 'the day after it'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 'a day that starts at 01:00'],
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z', '23:00 comes twice before it'],
    ['2026-10-05', 'Australia/Lord_Howe', '2026-10-04T13:00:00.000Z', 'half an hour of daylight saving'],
    ['2026-04-06', 'Australia/Lord_Howe', '2026-04-05T13:30:00.000Z', 'and back'],
    ['2011-12-29', 'Pacific/Apia', '2011-12-29T10:00:00.000Z', 'the day before the skipped one'],
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', 'the skipped day is empty'],
    ['2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', 'and the next starts with it'],
    [
      '2010-11-07',
      'America/St_Johns',
      '2010-11-07T02:30:00.000Z',
      'a minute of it, an hour of yesterday, then the rest',
    ],
    ['2026-02-16', 'Africa/Casablanca', '2026-02-16T00:00:00.000Z', 'the month of Ramadan'],
    ['2026-03-23', 'Africa/Casablanca', '2026-03-22T23:00:00.000Z', 'and after it'],
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z', 'midnight itself is skipped'],
    ['9999-12-31', 'Asia/Seoul', '9999-12-30T15:00:00.000Z', 'the last day with four digits'],
  ])('%s in %s starts at %s: %s', (date, timeZone, start) =>
    expect(new Date(startOfLocalDay(date, timeZone)).toISOString()).toBe(start),
  );

  it.each([
    ['2026-11-20T14:59:59.999Z', 'Asia/Seoul', '2026-11-20'],
    ['2026-11-20T15:00:00.000Z', 'Asia/Seoul', '2026-11-21'],
    ['2011-12-30T09:59:59.999Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00.000Z', 'Pacific/Apia', '2011-12-31'],
    ['2010-11-07T02:29:59.999Z', 'America/St_Johns', '2010-11-06'],
    // The clock shows 23:15 of the 6th again. Asked before 02:30, so that no remembered day answers.
    ['2010-11-07T02:45:00.000Z', 'America/St_Johns', '2010-11-07'],
    ['2010-11-07T02:30:00.000Z', 'America/St_Johns', '2010-11-07'],
    ['1970-01-01T00:00:00.000Z', 'America/New_York', '1969-12-31'],
  ])('%s in %s is in %s', (at, timeZone, date) => expect(localDay(Date.parse(at), timeZone)).toBe(date));

  it('starts where a slow walk through the minutes says', () =>
    fc.assert(
      fc.property(aMinute, fc.constantFrom(...zones), (at, timeZone) => {
        const date = wallDate(at, timeZone);
        expect(startOfLocalDay(date, timeZone)).toBe(slowStart(date, timeZone));
      }),
      { numRuns: 400 },
    ));

  it('holds an instant when a slow walk through the minutes says so', () =>
    fc.assert(
      fc.property(aMinute, fc.constantFrom(...zones), (at, timeZone) => {
        expect(localDay(at, timeZone)).toBe(slowDay(at, timeZone));
      }),
      { numRuns: 400 },
    ));

  it('ends where the next begins, always later than any instant in it', () =>
    fc.assert(
      fc.property(aMinute, fc.constantFrom(...zones), (at, timeZone) => {
        const next = nextLocalDay(at, timeZone);
        expect(startOfLocalDay(localDay(at, timeZone), timeZone)).toBeLessThanOrEqual(at);
        expect(next).toBeGreaterThan(at);
        expect(localDay(next - 1, timeZone)).toBe(localDay(at, timeZone));
        expect(localDay(next, timeZone)).not.toBe(localDay(at, timeZone));
      }),
    ));
});

describe('days later', () => {
  it.each([
    ['2026-11-21', 0, '2026-11-21'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2027-02-28', 1, '2027-03-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-11-21', 36_500, '2126-10-28'],
  ])('%s and %d days is %s', (date, days, later) => expect(addLocalDays(date, days)).toBe(later));

  it('the end of the n-th day is the start of the one after it', () =>
    fc.assert(
      fc.property(aMinute, fc.nat(36_500), fc.constantFrom(...zones), (at, days, timeZone) => {
        const date = addLocalDays(localDay(at, timeZone), days + 1);
        expect(endOfLocalDayAfter(at, days, timeZone)).toBe(startOfLocalDay(date, timeZone));
      }),
    ));
});

describe('the name of a time zone', () => {
  it.each(['Asia/Seoul', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT-14', 'America/Port-au-Prince'])(
    '%s is known',
    name => expect(isTimeZone(name)).toBe(true),
  );
  it.each(['', 'Mars/Olympus', '+09:00', '-03', 'GMT+9', ' Asia/Seoul', 'Asia/Seoul\n', 'Asia', 'x'.repeat(10_000)])(
    '%j is not',
    name => expect(isTimeZone(name)).toBe(false),
  );
  it('an unknown one is a RangeError where an instant is asked for', () =>
    expect(() => localDay(0, 'Mars/Olympus')).toThrow(RangeError));
});
