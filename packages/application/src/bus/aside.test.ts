import { failed, handled } from '../ports/event-bus.js';
import type { FedEvent } from '../ports/event-feed.js';
import type { ParkedEvent } from '../ports/group-progress.js';
import { causeOf, putAside, settlementsOf } from './aside.js';

const isWellFormed = (text: string) => Buffer.from(text).toString() === text;

describe('a cause', () => {
  it.each([
    ['whole characters', 'no 😀', 'no 😀'],
    ['a NUL', 'a\0b', 'ab'],
    ['half a character at either end', '\uDE00 no \uD83D', '\uFFFD no \uFFFD'],
    ['halves in the wrong order', '\uDE00\uD83D', '\uFFFD\uFFFD'],
    ['halves with a NUL between', '\uD83D\0\uDE00', '😀'],
  ])('of %s is text that every store holds', (_, message, expected) => {
    const error = Object.assign(new Error(message), { name: message, stack: message });
    expect(causeOf(error)).toEqual({ name: expected, message: expected, stack: expected });
  });

  it.each([0, 1])('that is too long is cut, and never leaves half a character: from %i', from => {
    const { message } = causeOf(new Error('x'.repeat(from) + '😀'.repeat(8_000)));
    expect([message.length, isWellFormed(message)]).toEqual([8_000, true]);
  });
});

const event = (position: number): FedEvent => ({
  ...{ id: `s:${position}`, streamId: 's', streamVersion: position, type: 'a.b.v1', data: {}, key: 'k', cursor: '' },
  ...{ origin: { actor: 'a', traceparent: null }, recordedAt: 1, position },
});
const settings = { retries: 3, retryDelayMs: 40 };
const results = [failed(new Error('no')), handled, failed(new Error('no')), handled];

describe('what follows a failed event of its key', () => {
  it.each([
    [
      'KEY',
      [
        [1, 40],
        [2, null],
        [3, null],
        [4, null],
      ],
    ],
    [
      'NONE',
      [
        [1, 40],
        [3, 40],
      ],
    ],
  ] as const)('with order %s, of a page', (order, expected) => {
    const aside = putAside([1, 2, 3, 4].map(event), results, { ...settings, order });
    expect(aside.map(({ event: { position }, dueInMs }) => [position, dueInMs])).toEqual(expected);
  });

  it.each([
    ['KEY', [[1, false]]],
    [
      'NONE',
      [
        [1, false],
        [2, true],
        [3, false],
        [4, true],
      ],
    ],
  ] as const)('with order %s, of parked ones', (order, expected) => {
    const parked = [1, 2, 3, 4].map(
      (position): ParkedEvent => ({
        ...{ id: String(position), event: event(position), slice: 0, status: 'WAITING', attempts: 1, redrives: 0 },
      }),
    );
    const settled = settlementsOf(parked, results, { ...settings, order });
    expect(settled.map(({ parked: each, failure }) => [each.event.position, failure === null])).toEqual(expected);
  });
});
