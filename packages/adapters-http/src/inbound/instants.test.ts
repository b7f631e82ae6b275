import { parseInstant } from '@org/domain';
import { zoned } from './instants.js';

describe('writing times', () => {
  it.each([
    ['2026-11-21T01:00:00Z', 'Asia/Seoul', '2026-11-21T10:00:00+09:00'],
    ['2026-11-21T01:00:00.5Z', 'Asia/Seoul', '2026-11-21T10:00:00.500+09:00'],
    ['2026-07-01T00:00:00Z', 'America/New_York', '2026-06-30T20:00:00-04:00'],
    ['2026-01-01T00:00:00Z', 'America/St_Johns', '2025-12-31T20:30:00-03:30'],
    ['2026-01-01T00:00:00Z', 'UTC', '2026-01-01T00:00:00+00:00'],
    ['9999-12-31T23:00:00Z', 'Asia/Seoul', '9999-12-31T23:00:00Z'],
    ['1971-01-01T00:00:00Z', 'Africa/Monrovia', '1971-01-01T00:00:00Z'],
  ])('%s in %s is %s', (text, zone, written) => {
    const instant = parseInstant(text) ?? Number.NaN;
    expect(zoned(instant, zone)).toBe(written);
    expect(parseInstant(written)).toBe(instant);
  });
});
