import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { canRun } from '../support/kafka-jars.js';
import { Api, aShopper } from './support/api.js';
import { ownDatabase } from './support/database.js';
import { eventually, Shop } from './support/orders.js';
import { startService } from './support/service-process.js';
import { byKafka, leftOut, worldOf } from './support/world.js';

const run = promisify(execFile);

/** Whether there is a client that knows nothing of us. With `CI=true` there has to be one. */
async function isKcatHere(): Promise<boolean> {
  const found = await canRun('kcat', '-V');
  if (!found && process.env.CI === 'true') throw new Error('there is no kcat here');
  return found;
}

/** One record as `kcat` prints it with `-J`. */
interface Printed {
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

const brokers = () => ['-b', String(worldOf().KAFKA_BROKERS)];
const topic = (name: string) => ['-t', `${worldOf().KAFKA_TOPIC_PREFIX}${name}`];

/** Everything that is on a topic now. */
async function read(name: string): Promise<readonly Printed[]> {
  const { stdout } = await run('kcat', [...brokers(), ...topic(name), '-C', '-J', '-e', '-q', '-o', 'beginning']);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line));
}

const headersOf = ({ headers }: Printed) =>
  Object.fromEntries(headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : [])));

/** Writes one record, as the documentation shows it. */
async function write(name: string, key: string, headers: Readonly<Record<string, string>>, value: object) {
  const named = Object.entries(headers).flatMap(each => ['-H', each.join('=')]);
  const child = spawn('kcat', [...brokers(), ...topic(name), '-P', '-k', key, ...named]);
  child.stdin.end(JSON.stringify(value));
  const code = await new Promise(resolve => child.once('close', resolve));
  if (code !== 0) throw new Error(`kcat ended with ${code}`);
}

const title = 'a client of somebody else';
if (!(await isKcatHere())) leftOut(title);
else if (!(await byKafka())) leftOut(title);
else
  describe(title, () => {
    const database = ownDatabase();
    let url: string;
    let shop: Shop;
    beforeAll(async () => {
      ({ url } = await startService({ DATABASE_URL: database.url }));
      shop = new Shop(new Api(url));
    });

    it('reads our events, with CloudEvents headers', async () => {
      const ann = aShopper();
      const orderNumber = await shop.ordered(ann, await shop.product(), 2);
      await shop.settled(ann, orderNumber);
      const typesOf = async () => {
        const about = (await read('order-events')).filter(({ payload }) => payload.includes(orderNumber));
        return about.map(each => headersOf(each).ce_type);
      };
      await eventually(typesOf, ['order.placed.v1', 'order.completed.v1']);
      const placed = (await read('order-events')).find(({ payload }) => payload.includes(orderNumber)) as Printed;
      expect(placed.key).toBe(ann.sub);
      expect(JSON.parse(placed.payload)).toMatchObject({ orderNumber, userId: ann.sub });
      expect(headersOf(placed)).toMatchObject({
        ce_specversion: '1.0',
        ce_id: `order/${orderNumber}:1`,
        ce_type: 'order.placed.v1',
        ce_source: '/promotions',
        ce_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        ce_subject: `order/${orderNumber}`,
        ce_sequence: '1',
        'content-type': 'application/json',
      });
    });

    it('writes a payment, which completes its order', async () => {
      const ann = aShopper();
      const orderNumber = await shop.ordered(ann, await shop.product(), 2, { payment: 'EXTERNAL' });
      expect(await shop.settled(ann, orderNumber)).toContain('AWAITING_PAYMENT');
      const headers = {
        ...{ ce_specversion: '1.0', ce_id: randomUUID(), ce_type: 'payment.completed.v1', ce_source: '/payments' },
        'content-type': 'application/json',
      };
      const payment = { orderNumber, paymentId: 'pay-1', amount: { amount: 20_000, currency: 'KRW' } };
      await write('payment-events', orderNumber, headers, payment);
      await eventually(async () => (await shop.status(ann, orderNumber)).status, 'COMPLETED');
      const lag = async () => {
        const metrics = await (await fetch(`${url}/metrics`)).text();
        return /^consumer_lag_records\{group="payment-worker"\} (\d+)$/m.exec(metrics)?.[1];
      };
      await eventually(lag, '0');
    });
  });
