import { topicOf, topics } from '@org/adapters-kafka';
import {
  type EventDescription,
  eventDescriptions,
  exampleOf,
  type JsonSchema,
  receivedEventDescriptions,
} from '@org/application';

type Descriptions = Readonly<Record<string, EventDescription>>;

const DAY_MS = 86_400_000;
const cell = (text: string) => text.replaceAll('|', '\\|');

/** A schema in a word or two. */
function wordOf(schema: JsonSchema): string {
  if (schema.title) return schema.title;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map(value => (value === null ? 'null' : `\`${String(value)}\``)).join(', ');
  if (schema.oneOf) return [...new Set(schema.oneOf.map(wordOf))].join(' or ');
  if (schema.items) return `list of ${wordOf(schema.items)}`;
  if (schema.properties) return 'object';
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['anything']);
  const form = { uuid: 'UUID', 'date-time': 'time', 'uri-reference': 'URI' }[schema.format ?? ''];
  return types.map(type => (type === 'null' ? 'or null' : (form ?? type))).join(' ');
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const may = required.includes(name) ? '' : ', may be missing';
    return `| \`${name}\` | ${cell(wordOf(schema))}${may} | ${cell(schema.description ?? '')} |`;
  });
  return ['| field | value | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** Objects that have a name, by it, in the order in which they are met. */
function namedIn(schema: JsonSchema, found: Map<string, JsonSchema> = new Map()): Map<string, JsonSchema> {
  if (schema.title && schema.properties) found.set(schema.title, schema);
  const parts = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.oneOf ?? []),
    ...(schema.items ? [schema.items] : []),
  ];
  for (const part of parts) namedIn(part, found);
  return found;
}

const overview = (described: Descriptions) => {
  const rows = Object.entries(described).map(
    ([type, { meaning, key }]) =>
      `| [\`${type}\`](#${type.replaceAll('.', '')}) | ${topicOf(type).name} | \`${key}\` | ${cell(meaning)} |`,
  );
  return ['| type | topic | key | meaning |', '|---|---|---|---|', ...rows].join('\n');
};

const sections = (described: Descriptions) =>
  Object.entries(described).map(
    ([type, { meaning, schema }]) =>
      `### ${type}\n\n${meaning}\n\n${fieldsOf(schema)}\n\n\`\`\`json\n${JSON.stringify(exampleOf(schema))}\n\`\`\`\n`,
  );

function topicTable(): string {
  const used = new Set([...Object.keys(eventDescriptions), ...Object.keys(receivedEventDescriptions)].map(topicOf));
  const rows = Object.values(topics).map(topic => {
    const { name, partitions, retentionMs, key } = topic;
    return `| ${name} | ${partitions} | ${retentionMs / DAY_MS} d | ${key}${used.has(topic) ? '' : ' (nothing is written to it yet)'} |`;
  });
  return ['| topic | partitions | retention | key |', '|---|---|---|---|', ...rows].join('\n');
}

const common = () => {
  const all = [...Object.values<EventDescription>(eventDescriptions), ...Object.values(receivedEventDescriptions)];
  const found = new Map<string, JsonSchema>();
  for (const { schema } of all) namedIn(schema, found);
  return [...found].map(([name, schema]) => `### ${name}\n\n${fieldsOf(schema)}\n`);
};

/** docs/events.md, made of the descriptions that the AsyncAPI document is made of. */
export const eventsPage = (): string => `# Events

What happens in the shop, told to whoever reads it: the types, their topics and keys, and what each says. The service serves the
same as an AsyncAPI 3.0 document at \`/asyncapi.json\`. This page is generated: \`npm run docs:events\`.

## What holds for every event

- **CloudEvents 1.0, binary mode.** Headers \`ce_id\`, \`ce_type\`, \`ce_source\`, \`ce_specversion\`, \`ce_time\`, \`ce_subject\`,
  \`ce_sequence\` and \`content-type\`, and \`traceparent\` where there is a trace. The value of the record is JSON.
- **At least once.** The same event may come again: \`ce_id\` is unique for ever, and whoever keeps it with the effect has it once.
- **In order for each key.** Events of one aggregate (\`ce_subject\`) have the numbers \`ce_sequence\` = 1, 2, …
- **The words of the HTTP API.** Times are RFC 3339 in UTC, money is an integer in minor units, ids of the service are UUIDs, ids of
  yours are 1 to 64 of \`A-Z a-z 0-9 . _ : -\`. A field that has no value is \`null\`, not missing.
- **No personal data.** Users are named by their id alone.

## Versions

The last part of a type is its version. Within a version fields may be added, and so may types: readers pass over what they don't
know, and never need what they don't know. No field goes away, changes its meaning or form, or becomes \`null\` where it never was. What would
do that is a new type, \`….v2\`, that is written beside the old one until its readers have moved on. Words may be added to a list of words
only where a reader can treat an unknown one as "something else".

## Topics

${topicTable()}

Partitions and retention are the defaults. Records that a group of consumers gave up go to \`<topic>-dlt\`, byte for byte, kept for
14 d, with the cause in the headers that begin with \`dlt-\`.

## What the service tells

${overview(eventDescriptions)}

## What the service reads

A payment service writes these; the value is the body of \`POST /api/v1/payments/events\` without \`eventId\` and \`type\`. \`ce_id\` is
its own id of the event: the same again changes nothing. A record without the headers, or of a type that is unknown, becomes a
dead letter and stops nobody.

${overview(receivedEventDescriptions)}

## Each event

${[...sections(eventDescriptions), ...sections(receivedEventDescriptions)].join('\n')}
## Objects that several events have

${common().join('\n')}`;
