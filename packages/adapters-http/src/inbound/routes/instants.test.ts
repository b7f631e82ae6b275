import { aQuote } from '../document/examples/coupon-examples.js';
import { orderExamples } from '../document/examples/order-examples.js';
import { pointExamples } from '../document/examples/point-examples.js';
import { anActivePolicy, aServer, operator, type Sent, service, shopper, type TestServer } from '../http.fixtures.js';

const [earning] = pointExamples.earn;
const [payment] = orderExamples.payment;
const policy = {
  name: 'A sale',
  currency: 'KRW',
  discount: { type: 'FIXED_AMOUNT', amount: 1 },
  issuance: ['DOWNLOAD'],
};

/** Every field that takes a time: a body that has it, and who sends that. */
const fields: readonly [field: string, path: string, token: string, bodyWith: (time: string) => object][] = [
  ['validity.from', '/api/v3/coupon-policies', operator, from => ({ ...policy, validity: { from } })],
  ['validity.until', '/api/v3/coupon-policies', operator, until => ({ ...policy, validity: { until } })],
  ['issuePeriod.from', '/api/v3/coupon-policies', operator, from => ({ ...policy, issuePeriod: { from } })],
  ['issuePeriod.until', '/api/v3/coupon-policies', operator, until => ({ ...policy, issuePeriod: { until } })],
  ['cart.at', '/api/v1/coupons/quote', shopper(), at => ({ ...aQuote, cart: { ...aQuote.cart, at } })],
  ['availableAt', '/api/v2/points/earn', service, availableAt => ({ ...earning, expiresAt: null, availableAt })],
  ['expiresAt', '/api/v2/points/earn', service, expiresAt => ({ ...earning, availableAt: null, expiresAt })],
  ['occurredAt', '/api/v1/payments/events', service, occurredAt => ({ ...payment, occurredAt })],
];
const bound = 'must be from 0001-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z';

describe('the times of a request', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
    await anActivePolicy(server);
  });
  afterAll(() => server.close());

  const send = async (path: string, sent: Sent) => {
    const { status, json } = await server.post(path, sent);
    return { status, errors: json.errors };
  };

  it.each(fields)('%s lies in the years that its answers can write', async (field, path, token, bodyWith) => {
    for (const value of ['0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-14:00'])
      expect(await send(path, { token, body: bodyWith(value) })).toEqual({
        status: 422,
        errors: [{ field, value, message: bound }],
      });
  });

  it.each(fields)('%s may be the last one that there is', async (field, path, token, bodyWith) => {
    const { status, errors = [] } = await send(path, { token, body: bodyWith('9999-12-31T23:59:59.999Z') });
    expect(status).toBeLessThan(500);
    expect(errors.filter(error => error.field === field)).toEqual([]);
  });
});
