import {
  type EventDescription,
  eventDescriptions,
  exampleOf,
  type JsonSchema,
  receivedEventDescriptions,
} from '@org/application';
import { deadLetterTopicOf } from './consuming/graveyard.js';
import { cloudEventHeaders, deadLetterHeaders, exampleHeaders } from './header-schemas.js';
import { DEAD_LETTER_RETENTION_MS } from './topic-plans.js';
import { type Topic, topicOf } from './topics.js';

const SCHEMAS = '#/components/schemas/';
const BINDING_VERSION = '0.5.0';
const DEAD_LETTER = 'dead-letter';

type Named = Record<string, JsonSchema>;

/** Takes out what has a name, and what is named within it, so that a document tells of it once. */
function lifted(value: unknown, found: Named): unknown {
  if (Array.isArray(value)) return value.map(item => lifted(item, found));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, lifted(part, found)]));
  if (!('properties' in value) || typeof copy.title !== 'string') return copy;
  found[copy.title] = copy;
  return { $ref: SCHEMAS + copy.title };
}

interface Channel extends Topic {
  readonly action: 'send' | 'receive';
  readonly types: readonly string[];
}

/** The topics that events go over, with what goes over them. */
function channelsOf(types: readonly string[], action: Channel['action']): Channel[] {
  const all = [...new Set(types.map(topicOf))];
  return all.map(topic => ({ ...topic, action, types: types.filter(type => topicOf(type) === topic) }));
}

const bindings = ({ name, partitions }: Topic, retentionMs: number) => ({
  kafka: {
    topic: name,
    partitions,
    topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': retentionMs },
    bindingVersion: BINDING_VERSION,
  },
});

const refsTo = (messages: readonly string[]) =>
  Object.fromEntries(messages.map(message => [message, { $ref: `#/components/messages/${message}` }]));

const channelOf = (channel: Channel) => ({
  address: channel.name,
  title: channel.name,
  description: `Records with the same key, the ${channel.key}, are read in the order in which they were written.`,
  messages: refsTo(channel.types),
  bindings: bindings(channel, channel.retentionMs),
});

const deadLettersOf = (channel: Channel) => {
  const name = deadLetterTopicOf(channel.name);
  return {
    address: name,
    title: name,
    description: `Records of ${channel.name} that a group of consumers gave up, byte for byte, with the cause in the headers.`,
    messages: refsTo([DEAD_LETTER]),
    bindings: bindings({ ...channel, name }, DEAD_LETTER_RETENTION_MS),
  };
};

const operationOf = (channel: string, action: Channel['action'], messages: readonly string[], summary: string) => ({
  action,
  channel: { $ref: `#/channels/${channel}` },
  summary,
  messages: messages.map(message => ({ $ref: `#/channels/${channel}/messages/${message}` })),
});

function operationsOf({ name, action, types }: Channel): [string, object][] {
  const letters = deadLetterTopicOf(name);
  const summary = action === 'send' ? 'The service tells what happened.' : 'The service reads what others tell.';
  return [
    [`${action}-${name}`, operationOf(name, action, types, summary)],
    [`send-${letters}`, operationOf(letters, 'send', [DEAD_LETTER], 'A consumer tells what it gave up.')],
  ];
}

function messageOf(type: string, { meaning, key, schema }: EventDescription, found: Named) {
  const payload = exampleOf(schema) as Readonly<Record<string, unknown>>;
  const source = Object.hasOwn(receivedEventDescriptions, type) ? '/payments' : '/promotions';
  const keySchema = schema.properties?.[key] ?? {};
  return {
    name: type,
    title: type,
    summary: meaning,
    contentType: 'application/json',
    headers: {
      allOf: [{ $ref: `${SCHEMAS}CloudEvent` }, { type: 'object', properties: { ce_type: { const: type } } }],
    },
    payload: lifted(schema, found),
    bindings: {
      kafka: {
        key: { ...(lifted(keySchema, found) as object), description: `\`${key}\` of the payload.` },
        bindingVersion: BINDING_VERSION,
      },
    },
    examples: [{ name: 'example', headers: exampleHeaders(type, String(payload[key]), source), payload }],
  };
}

const deadLetter = {
  name: DEAD_LETTER,
  title: 'A dead letter',
  summary: 'Key, value and headers as they came, and headers that tell why nobody could use it.',
  headers: { $ref: `${SCHEMAS}DeadLetter` },
  payload: { description: 'The bytes of the value as they came; they may be anything.' },
};

const byName = (entries: readonly [string, unknown][]) =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

const description =
  'Events in CloudEvents 1.0 binary mode: attributes are headers, the value is JSON in the field names of the HTTP API. ' +
  'Every event comes at least once; `ce_id` tells whether it came before. More fields and types may come in time: ' +
  "readers pass over what they don't know.";

/** Everything that goes over Kafka as an AsyncAPI 3.0 document, made of the types of events. */
export function asyncApi(): object {
  const described: Readonly<Record<string, EventDescription>> = { ...eventDescriptions, ...receivedEventDescriptions };
  const channels = [
    ...channelsOf(Object.keys(eventDescriptions), 'send'),
    ...channelsOf(Object.keys(receivedEventDescriptions), 'receive'),
  ];
  const found: Named = { CloudEvent: cloudEventHeaders, DeadLetter: deadLetterHeaders };
  const messages = Object.entries(described).map(([type, of]) => [type, messageOf(type, of, found)] as const);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Commerce promotions: events', version: '0.1.0', description, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      channels.flatMap(channel => [
        [channel.name, channelOf(channel)],
        [deadLetterTopicOf(channel.name), deadLettersOf(channel)],
      ]),
    ),
    operations: Object.fromEntries(channels.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries([...messages, [DEAD_LETTER, deadLetter]]),
      schemas: byName(Object.entries(found)),
    },
  };
}
