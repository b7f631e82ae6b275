import { FIRST_INSTANT } from '../../time.js';
import { type Boundary, expectBoundary, notAnInstant } from '../define-policy.fixtures.js';

const noon = Date.UTC(2026, 10, 21, 3);
const DAY = 86_400_000;
const midnight = Date.UTC(2026, 10, 21, 15);
const from9 = { conditions: { hours: { from: '09:00' } } };
const until18 = { conditions: { hours: { until: '18:00' } } };

const times: Boundary[] = [
  ['timeZone', ['Mars/Olympus', '+09:00', '', 9], ['Asia/Seoul', 'UTC', null]],
  ['conditions.hours.from', ['9:00', '24:00', '09:60', '', 9, undefined, '09:00 '], ['00:00', '23:59'], until18],
  ['conditions.hours.until', ['09:00', '24:00', undefined], ['09:01', '08:59', '00:00'], from9],
  ['issuePeriod.from', notAnInstant, [FIRST_INSTANT, -1, 0, noon, null]],
  ['issuePeriod.until', [noon - 1, noon, ...notAnInstant], [noon + 1, null], { issuePeriod: { from: noon } }],
  ['validity.from', notAnInstant, [FIRST_INSTANT, -1, 0, noon, null]],
  ['validity.until', [noon - 1, noon, ...notAnInstant], [noon + 1, null], { validity: { from: noon } }],
  ['validity.until', [noon - 1], [noon, noon + 1], { validity: { from: noon, untilInclusive: true } }],
  ['validity.until', [noon - 1, noon], [noon + 1], { issuePeriod: { from: noon } }],
  ['validity.untilInclusive', ['yes'], [true, false, null]],
  ['validity.untilInclusive', ['yes'], [true, false], { validity: { until: noon } }],
  ['validity.daysAfterIssue', [-1, 0.5, 36_501, '7', -0], [0, 7, 36_500, null]],
  // Issued until midnight, the last coupon belongs to the day before; a millisecond more, and to the new day.
  ['validity.daysAfterIssue', [0], [1], { issuePeriod: { until: midnight }, validity: { from: midnight } }],
  ['validity.daysAfterIssue', [-1], [0], { issuePeriod: { until: midnight + 1 }, validity: { from: midnight } }],
  // The last coupon is had on the 21st, and validity begins at noon two days later.
  [
    'validity.daysAfterIssue',
    [0, 1],
    [2, 3, null],
    { issuePeriod: { until: noon }, validity: { from: noon + 2 * DAY } },
  ],
];

describe('the times of a policy', () => {
  it.each(times.map(row => [row[0], row] as const))('make sense in %s', (_, row) => expectBoundary(row));
});
