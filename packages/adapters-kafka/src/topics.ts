const days = (count: number) => count * 86_400_000;

/** A topic as it is created: partitions, how long records are kept, and what their key is. */
export interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
  /** What keeps the order: records with the same key are read in the order in which they were written. */
  readonly key: string;
}

/** The topics of the product, with the defaults of their partitions and retention. */
export const topics = {
  order: { name: 'order-events', partitions: 16, retentionMs: days(7), key: 'user id' },
  coupon: { name: 'coupon-events', partitions: 8, retentionMs: days(30), key: 'coupon policy id' },
  stock: { name: 'stock-events', partitions: 12, retentionMs: days(3), key: 'product id' },
  point: { name: 'point-events', partitions: 8, retentionMs: days(30), key: 'user id' },
  user: { name: 'user-events', partitions: 8, retentionMs: days(30), key: 'user id' },
  compensation: { name: 'compensation-events', partitions: 4, retentionMs: days(30), key: 'order number' },
  payment: { name: 'payment-events', partitions: 8, retentionMs: days(30), key: 'order number' },
} as const satisfies Record<string, Topic>;

/** Which area of events goes to which topic: the first word of the type, `coupon.issued.v1`. */
const topicOfArea: Readonly<Record<string, Topic>> = {
  ...topics,
  'coupon-policy': topics.coupon,
  product: topics.stock,
  cart: topics.order,
};

/**
 * The topic of an event type.
 * @throws Error for an area without a topic, so that no event is lost by a typo
 */
export function topicOf(type: string): Topic {
  const area = type.split('.', 1)[0] ?? '';
  const topic = Object.hasOwn(topicOfArea, area) ? topicOfArea[area] : undefined;
  if (!topic) throw new Error(`no topic for events of type "${type}"`);
  return topic;
}
