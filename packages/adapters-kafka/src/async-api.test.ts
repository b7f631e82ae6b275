import specs from '@asyncapi/specs';
import { eventDescriptions, receivedEventDescriptions } from '@org/application';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { asyncApi } from './async-api.js';
import { toRecord } from './cloud-events.js';
import { topicOf, topics } from './topics.js';

interface Message {
  readonly headers: object;
  readonly payload: { readonly $ref?: string };
  readonly examples?: readonly { readonly headers: object; readonly payload: object }[];
}
interface Channel {
  readonly address: string;
  readonly messages: Readonly<Record<string, { readonly $ref: string }>>;
}
interface Document {
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, { readonly action: string; readonly messages: readonly object[] }>>;
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: Readonly<Record<string, object>>;
  };
}

const document = JSON.parse(JSON.stringify(asyncApi())) as Document;
const types = [...Object.keys(eventDescriptions), ...Object.keys(receivedEventDescriptions)];

const fits = (() => {
  // The schema of AsyncAPI itself is not written for the strict mode.
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  return ajv.compile(specs.schemasWithoutId['3.0.0'] as object);
})();

const refsIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
};

const found = (ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name], document);

describe('the AsyncAPI document', () => {
  it('is one, by the schema of AsyncAPI 3.0', () => {
    fits(document);
    expect(fits.errors ?? []).toEqual([]);
  });

  it.each<[string, object]>([
    ['an operation without an action', { ...document, operations: { o: { channel: { $ref: '#/channels/x' } } } }],
    ['another version', { ...document, asyncapi: '2.6.0' }],
    ['no title', { ...document, info: { version: '1' } }],
  ])('is compared with a schema that refuses %s', (_, broken) => expect(fits(broken)).toBe(false));

  it('refers to nothing that is not there', () => {
    const refs = [...new Set(refsIn(document))];
    expect(refs.length).toBeGreaterThan(types.length);
    expect(refs.filter(ref => found(ref) === undefined)).toEqual([]);
  });

  it('has every type on the topic of its area, sent or received, and nothing else', () => {
    for (const type of types) {
      const { name } = topicOf(type);
      const action = Object.hasOwn(eventDescriptions, type) ? 'send' : 'receive';
      expect(document.channels[name]?.messages[type]).toEqual({ $ref: `#/components/messages/${type}` });
      expect(document.operations[`${action}-${name}`]?.messages).toContainEqual({
        $ref: `#/channels/${name}/messages/${type}`,
      });
    }
    expect(Object.keys(document.components.messages).sort()).toEqual([...types, 'dead-letter'].sort());
  });

  it('has partitions and retention of the topics, and a dead letter topic beside each', () => {
    for (const { name, partitions, retentionMs } of [topics.order, topics.stock, topics.payment]) {
      const kafka = { topic: name, partitions, topicConfiguration: { 'retention.ms': retentionMs } };
      expect(document.channels[name]).toMatchObject({ address: name, bindings: { kafka } });
      expect(document.channels[`${name}-dlt`]?.messages).toHaveProperty('dead-letter');
    }
  });

  it('has examples that are what it says', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true });
    formats.default(ajv);
    const local = (schema: object): object =>
      JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"'));
    for (const [name, schema] of Object.entries(document.components.schemas)) ajv.addSchema(local(schema), name);
    const flaws = (schema: object, value: object) => {
      const isFine = ajv.compile(local(schema));
      return isFine(value) ? [] : isFine.errors;
    };
    for (const type of types) {
      const { headers, payload, examples = [] } = document.components.messages[type] as Message;
      const [example] = examples;
      if (!example) throw new Error(`no example of ${type}`);
      expect([type, flaws(headers, example.headers), flaws(payload, example.payload)]).toEqual([type, [], []]);
      expect(flaws(headers, { ...example.headers, ce_type: 'coupon.other.v1' })).toHaveLength(1);
    }
  });

  it('calls no two objects by the same name', () => {
    const byName = new Map<string, Set<string>>();
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('title' in value && 'properties' in value) {
        const name = String(value.title);
        byName.set(name, (byName.get(name) ?? new Set()).add(JSON.stringify(value)));
      }
      Object.values(value).forEach(collect);
    };
    collect([eventDescriptions, receivedEventDescriptions]);
    expect(byName.size).toBeGreaterThan(5);
    expect([...byName].filter(([, schemas]) => schemas.size > 1).map(([name]) => name)).toEqual([]);
  });

  it('describes the headers that a record has', () => {
    const { headers } = toRecord({
      ...{ streamId: 's', streamVersion: 1, type: 'coupon.expired.v1', data: {}, key: 'k', recordedAt: 0 },
      origin: { actor: 'a', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    });
    const { CloudEvent } = document.components.schemas as { CloudEvent: { properties: object; required: string[] } };
    expect(Object.keys(CloudEvent.properties)).toEqual(expect.arrayContaining(Object.keys(headers)));
    expect(Object.keys(headers)).toEqual(expect.arrayContaining(CloudEvent.required));
  });
});
