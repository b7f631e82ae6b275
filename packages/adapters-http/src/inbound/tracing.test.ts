import { randomHex, requestIdOf, traceOf } from './tracing.js';

const [trace, parent] = ['a'.repeat(32), 'b'.repeat(16)];

describe('a trace', () => {
  it.each([`00-${trace}-${parent}-01`, `cc-${trace}-${parent}-01-more`])('goes on from %s', header => {
    const { traceId, traceparent } = traceOf(header);
    expect(traceId).toBe(trace);
    expect(traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(traceparent).not.toContain(parent);
  });

  it.each([
    undefined,
    '',
    `ff-${trace}-${parent}-01`,
    `00-${'0'.repeat(32)}-${parent}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace}-${parent}-01-more`,
    `00-${trace.toUpperCase()}-${parent}-01`,
  ])('begins anew after %s', header => {
    const { traceId, traceparent } = traceOf(header);
    expect(traceId).not.toBe(trace);
    expect(traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  });

  it('is random', () => expect(new Set(Array.from({ length: 2_000 }, () => randomHex(16))).size).toBe(2_000));
});

describe('a request id', () => {
  it.each(['r-1', 'a'.repeat(64), 'A.b_c:d'])('%j is kept', id => expect(requestIdOf(id)).toBe(id));
  it.each([undefined, '', 'a b', 'a'.repeat(65), 'x\ny'])('%j is replaced', id =>
    expect(requestIdOf(id)).toMatch(/^[0-9a-f]{24}$/),
  );
});
