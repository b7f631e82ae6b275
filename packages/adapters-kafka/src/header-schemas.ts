import { type JsonSchema, schemaWords } from '@org/application';

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });
const digits = { pattern: '^[0-9]+$' };
const traceparent = text('W3C trace context; absent = none.', {
  pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
});

/** The headers of an event: CloudEvents 1.0 in binary mode. Values of headers are text in UTF-8. */
export const cloudEventHeaders: JsonSchema = {
  title: 'CloudEvent',
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'content-type'],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: text('Unique for ever within its source: whoever saw it before passes over it.', { minLength: 1 }),
    ce_type: text('`<area>.<event>.v<n>`.', { pattern: '^[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*\\.v[0-9]+$' }),
    ce_source: text('Who tells it.', { minLength: 1, format: 'uri-reference' }),
    ce_time: text('When it was written down, by the time of the database.', schemaWords.instant),
    ce_subject: text('What it is about: the stream of one aggregate.', { minLength: 1 }),
    ce_sequence: text('Its place in that stream, from 1, without gaps.', { pattern: '^[1-9][0-9]*$' }),
    ce_actor: text('Who did it: `sub` of the caller, or the name of a job.'),
    'content-type': { const: 'application/json' },
    traceparent,
  },
};

const tooLarge = { const: 'too large' };

/** What is added to the headers of a record that was given up. */
export const deadLetterHeaders: JsonSchema = {
  title: 'DeadLetter',
  description: 'The headers that the record came with, and these.',
  type: 'object',
  required: ['dlt-error-name', 'dlt-error-message', 'dlt-topic', 'dlt-partition', 'dlt-offset', 'dlt-group'],
  properties: {
    'dlt-error-name': text('The class of the error.'),
    'dlt-error-message': text('Its message.'),
    'dlt-error-stack': text('Where it came from.'),
    'dlt-topic': text('The topic that the record was read from.'),
    'dlt-partition': text('Its partition.', digits),
    'dlt-offset': text('Its offset.', digits),
    'dlt-timestamp': text('Its timestamp, epoch milliseconds.', digits),
    'dlt-group': text('The group of consumers that gave it up.'),
    'dlt-attempts': text('How often it was tried.', digits),
    'dlt-value': text('There if the record was too large to be sent on, and its value is missing.', tooLarge),
    'dlt-key': text('There if it was too large without its value, too, and its key is missing.', tooLarge),
    'dlt-headers': text('There if the headers that it came with are missing for the same reason.', tooLarge),
  },
};

/** The headers of an example of that type. */
export const exampleHeaders = (type: string, about: string, source: string): Readonly<Record<string, string>> => ({
  ce_specversion: '1.0',
  ce_id: `${about}:1`,
  ce_type: type,
  ce_source: source,
  ce_time: '2026-11-21T01:00:00.004Z',
  'content-type': 'application/json',
});
