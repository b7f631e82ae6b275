import { refusal } from '@org/domain';
import { echo, problemBody, refusedWith } from './problem.js';

describe('a value that is told back', () => {
  it.each<[unknown, unknown]>([
    ['x', 'x'],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['x'.repeat(101), `${'x'.repeat(100)}…`],
    [`${'x'.repeat(99)}😀`, `${'x'.repeat(99)}…`],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [undefined, null],
    [{ a: 1 }, { a: 1 }],
    [Array(60).fill(1), `[${'1,'.repeat(49)}1…`],
  ])('%j becomes %j', (value, told) => expect(echo(value)).toEqual(told));
});

describe('a refusal as a problem', () => {
  const bodyOf = (data: Record<string, unknown>) =>
    JSON.parse(problemBody(refusedWith(refusal('COUPON_RESERVED', data)), { path: '/p', traceId: 't' }));

  it('writes instants as RFC 3339 and leaves amounts and texts as they are', () => {
    const at = Date.UTC(2026, 0, 1);
    const data = { retryAt: at, until: at, from: '09:00', amount: at, validFrom: at, missing: 3000, retried: at };
    expect(bodyOf(data)).toMatchObject({
      ...data,
      retryAt: '2026-01-01T00:00:00.000Z',
      until: '2026-01-01T00:00:00.000Z',
      validFrom: '2026-01-01T00:00:00.000Z',
    });
  });

  it('never lets data take the place of a member of the standard', () =>
    expect(bodyOf({ status: 'DRAFT', code: 'X', traceId: 'mine' })).toMatchObject({
      status: 409,
      code: 'COUPON_RESERVED',
      traceId: 't',
      currentStatus: 'DRAFT',
      couponCode: 'X',
    }));

  it('names the fields that are wrong', () =>
    expect(bodyOf({ violations: [{ field: 'a.b', value: 1, message: 'is odd' }] })).toMatchObject({
      detail: 'a.b is odd.',
      errors: [{ field: 'a.b', value: 1, message: 'is odd' }],
    }));

  it('names an instant as it was sent, and nothing but instants', () => {
    const sent = {
      a: [{ until: '2026-01-01T09:00:00.000+09:00', day: '2026' }],
      count: 7,
      at: '1969-12-31T23:59:59.9Z',
    };
    const violations = [
      ...[
        { field: 'a[0].until', value: Date.UTC(2026, 0, 1) },
        { field: 'at', value: -100 },
      ],
      ...[
        { field: 'a[0].day', value: 2026 },
        { field: 'count', value: 7 },
        { field: 'b[1].c', value: null },
      ],
    ].map(each => ({ ...each, message: 'is odd' }));
    const { errors } = refusedWith(refusal('POLICY_INVALID', { violations }), sent).more;
    expect(errors?.map(({ value }) => value)).toEqual([
      ...['2026-01-01T09:00:00.000+09:00', '1969-12-31T23:59:59.9Z'],
      ...[2026, 7, null],
    ]);
  });
});
