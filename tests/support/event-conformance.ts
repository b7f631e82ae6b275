import { cloudEventHeaders, type KafkaRecord, topicOf, toRecord } from '@org/adapters-kafka';
import {
  type EventDescription,
  eventDescriptions,
  type JsonSchema,
  receivedEventDescriptions,
  type StoredEvent,
} from '@org/application';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

const described: Readonly<Record<string, EventDescription>> = { ...eventDescriptions, ...receivedEventDescriptions };

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
formats.default(ajv);

/** The schema with every object closed: what the service writes, and no schema tells of, is a mistake of one of them. */
function closed(schema: JsonSchema): object {
  const { properties, items, oneOf } = schema;
  const fields = Object.entries(properties ?? {}).map(([name, field]) => [name, closed(field)]);
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(fields), additionalProperties: false }),
    ...(items && { items: closed(items) }),
    ...(oneOf && { oneOf: oneOf.map(closed) }),
  };
}

const headersFit = ajv.compile(closed(cloudEventHeaders));
const compiled = new Map<string, ValidateFunction>();
function validatorOf(type: string, { schema }: EventDescription): ValidateFunction {
  const known = compiled.get(type) ?? ajv.compile(closed(schema));
  compiled.set(type, known);
  return known;
}

const mistakes = (what: string, { errors }: ValidateFunction) =>
  (errors ?? []).map(
    ({ instancePath, message, params }) => `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
  );

type Sent = Pick<KafkaRecord, 'topic' | 'key' | 'value' | 'headers'>;

/** What is wrong with a record, by the very schemas of the document; empty = nothing. */
export function mistakesOf({ topic, key, value, headers }: Sent, topicPrefix = ''): readonly string[] {
  const type = headers.ce_type ?? '';
  const description = Object.hasOwn(described, type) ? described[type] : undefined;
  if (!description) return [`${type || 'a record without a type'} is not described`];
  const data: unknown = JSON.parse(value);
  const fits = validatorOf(type, description);
  const keyed = (data as { readonly [field: string]: unknown })[description.key];
  const expected = topicPrefix + topicOf(type).name;
  return [
    ...(headersFit(headers) ? [] : mistakes('headers', headersFit)),
    ...(fits(data) ? [] : mistakes('data', fits)),
    ...(keyed === key ? [] : [`key is "${key}", not ${description.key} "${String(keyed)}"`]),
    ...(topic === expected ? [] : [`topic is ${topic}, not ${expected}`]),
  ].map(mistake => `${type}: ${mistake}`);
}

/** Expects that all of them are as the document says; answers the types that were among them. */
export function conformsToEvents(records: readonly Sent[], topicPrefix = ''): ReadonlySet<string> {
  expect([...new Set(records.flatMap(record => mistakesOf(record, topicPrefix)))]).toEqual([]);
  return new Set(records.map(({ headers }) => headers.ce_type ?? ''));
}

interface Queryable {
  query<Row>(sql: string): Promise<Row[]>;
}

type Row = Omit<StoredEvent, 'origin' | 'recordedAt'> & {
  actor: string;
  traceparent: string | null;
  recordedAt: number;
};

/** The log of a database as the records that it is sent as. */
export async function recordsOf(database: Queryable): Promise<readonly KafkaRecord[]> {
  const rows = await database.query<Row>(
    `select stream_id as "streamId", stream_version as "streamVersion", type, key, data, actor, traceparent,
       (extract(epoch from recorded_at) * 1000)::float8 as "recordedAt" from events`,
  );
  return rows.map(({ actor, traceparent, ...event }) => toRecord({ ...event, origin: { actor, traceparent } }));
}

/** Expects that every event that was written is as the document says; answers the types that were written. */
export async function writtenAsDescribed(database: Queryable): Promise<ReadonlySet<string>> {
  const records = await recordsOf(database);
  expect(records.length).toBeGreaterThan(0);
  return conformsToEvents(records);
}
