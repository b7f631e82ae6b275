import { randomUUID } from 'node:crypto';
import { KafkajsBroker } from '@org/adapters-kafka';
import { Api, aShopper, type Caller, operator } from './support/api.js';
import { ownDatabase } from './support/database.js';
import { eventually, Shop } from './support/orders.js';
import { startService } from './support/service-process.js';
import { byKafka, leftOut, worldOf } from './support/world.js';

const title = 'a record of a payment service';
if (!(await byKafka())) leftOut(title);
else
  describe(title, () => {
    const database = ownDatabase();
    let broker: KafkajsBroker;
    let shop: Shop;
    beforeAll(async () => {
      const { url } = await startService({ DATABASE_URL: database.url });
      shop = new Shop(new Api(url));
      broker = new KafkajsBroker({ brokers: String(worldOf().KAFKA_BROKERS).split(',') });
    });
    afterAll(() => broker.close());

    const due = 15_000;
    /** Two mugs for 20,000, of which a coupon pays 3,000 and points 2,000. */
    async function anUnpaidOrder() {
      const ann = aShopper();
      const mug = await shop.product();
      const couponId = await shop.api.coupon(ann, await shop.api.policy());
      await shop.earn(ann.sub, 5_000);
      const holds = { couponIds: [couponId], points: 2_000, payment: 'EXTERNAL' };
      const orderNumber = await shop.ordered(ann, mug, 2, holds);
      expect(await shop.settled(ann, orderNumber)).toBe('AWAITING_PAYMENT - | HELD HELD HELD');
      return { ann, mug, couponId, orderNumber };
    }

    /** As the documentation of messages tells it, `payment.<type>.v1`. */
    const write = (orderNumber: string, id: string, type: string, paymentId = 'pay-1') =>
      broker.send([
        {
          topic: `${worldOf().KAFKA_TOPIC_PREFIX}payment-events`,
          key: orderNumber,
          value: JSON.stringify({ orderNumber, paymentId, amount: { amount: due, currency: 'KRW' } }),
          headers: {
            ...{ ce_specversion: '1.0', ce_id: id, ce_type: `payment.${type}.v1`, ce_source: '/payments' },
            'content-type': 'application/json',
          },
        },
      ]);

    const outcomes = (as: Caller, orderNumber: string) => async () => {
      const { body } = await shop.api.call('GET', `/api/v3/orders/${orderNumber}/timeline`, { as });
      return (body.items as readonly { readonly data: { readonly outcome?: string } }[]).flatMap(
        ({ data }) => data.outcome ?? [],
      );
    };
    const books = async ({ ann, mug, couponId }: Awaited<ReturnType<typeof anUnpaidOrder>>) => {
      const { free, held, sold } = await shop.stock(mug);
      const { available, held: heldPoints } = await shop.balance(ann);
      return { stock: [free, held, sold], coupon: (await shop.coupon(ann, couponId)).status, available, heldPoints };
    };

    it.each([
      ['failed', 'PAYMENT_FAILED'],
      ['cancelled', 'PAYMENT_CANCELLED'],
    ])(
      'payment.%s.v1 ends its order and gives everything back, once; money that comes after it is due back',
      async (type, reason) => {
        const order = await anUnpaidOrder();
        const { ann, orderNumber } = order;
        expect(await books(order)).toEqual({
          stock: [8, 2, 0],
          coupon: 'RESERVED',
          available: 3_000,
          heldPoints: 2_000,
        });
        await write(orderNumber, `evt-1-${type}`, type);
        const ended = `CANCELLED ${reason} | VOIDED VOIDED VOIDED`;
        await eventually(() => shop.settled(ann, orderNumber), ended);
        const back = { stock: [10, 0, 0], coupon: 'ISSUED', available: 5_000, heldPoints: 0 };
        expect(await books(order)).toEqual(back);

        await write(orderNumber, `evt-1-${type}`, type);
        await write(orderNumber, `evt-2-${type}`, 'completed', 'pay-2');
        await write(orderNumber, `evt-2-${type}`, 'completed', 'pay-2');
        await write(orderNumber, `evt-3-${type}`, type);
        // The last one has its outcome when all before it have theirs.
        await eventually(outcomes(ann, orderNumber), [reason, 'REFUND_DUE', 'NO_EFFECT']);
        expect(await shop.order(ann, orderNumber)).toMatchObject({ status: 'CANCELLED', reason, refundDue: due });
        expect([await shop.settled(ann, orderNumber), await books(order)]).toEqual([ended, back]);
      },
    );

    it('of an order that is not there is a dead letter, also where another order has one of the same id', async () => {
      const unknown = [randomUUID(), randomUUID()].sort();
      for (const orderNumber of unknown) await write(orderNumber, 'evt-1', 'failed');
      const keys = async () => {
        const { body } = await shop.api.call('GET', '/api/v1/dead-letters', { as: operator });
        const items = body.items as readonly { readonly key: string; readonly eventId: string }[];
        return items.map(({ eventId, key }) => `${eventId} ${key}`).sort();
      };
      await eventually(
        keys,
        unknown.map(orderNumber => `evt-1 ${orderNumber}`),
      );
    });
  });
