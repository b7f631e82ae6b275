import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CouponEvent } from '@org/domain';
import { type EventType, eventDescriptions, receivedEventDescriptions } from './event-descriptions.js';
import { couponEventDescriptions } from './event-schemas/coupon-events.js';
import type { Described, SchemasOf } from './event-schemas/description.js';

/** Where other programs write what they want. */
const isForTests = (path: string) => /\.(test|fixtures)\.ts$|^(contracts|memory)\//.test(path);

function typesInSource(): string[] {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    path => path.endsWith('.ts') && !isForTests(path),
  );
  const texts = files.map(path => readFileSync(join(import.meta.dirname, path), 'utf8'));
  return [...new Set(texts.flatMap(text => text.match(/(?<=')[a-z-]+\.[a-z-]+\.v\d+(?=')/g) ?? []))].sort();
}

describe('the descriptions of events', () => {
  it('do not compile without one of the types, without a field, or with one too many', () => {
    const at = { type: 'string' };
    const { CouponIssued: _, ...others } = couponEventDescriptions;
    // @ts-expect-error a type that nobody writes
    const unknown: EventType = 'coupon.lost.v1';
    // @ts-expect-error nothing is said of CouponIssued
    const incomplete: Described<CouponEvent> = others;
    // @ts-expect-error `at` is missing
    const missing: SchemasOf<CouponEvent, 'CouponExpired'> = {};
    // @ts-expect-error there is no such field
    const tooMany: SchemasOf<CouponEvent, 'CouponExpired'> = { at, sequence: at };
    expect([unknown, incomplete, missing, tooMany]).toHaveLength(4);
  });

  it('are there for every type that the source knows, and for no other', () =>
    expect(Object.keys({ ...eventDescriptions, ...receivedEventDescriptions }).sort()).toEqual(typesInSource()));

  it.each(Object.entries({ ...eventDescriptions, ...receivedEventDescriptions }))(
    '%s: its key is a field that is always there, and every field is told of',
    (_, { meaning, key, schema }) => {
      expect(meaning).toMatch(/^[A-Z].*\.$/);
      expect(schema.required).toContain(key);
      for (const [field, { description, title, enum: words, oneOf, properties, items }] of Object.entries(
        schema.properties ?? {},
      ))
        expect([field, Boolean(description ?? title ?? words ?? oneOf ?? properties ?? items)]).toEqual([field, true]);
    },
  );
});
