import type { couponRequestEventTypes } from '../coupon-requests.js';
import type { EventDescription } from './description.js';
import { policyId, userId } from './fields.js';
import { about, type JsonSchema, object, schemaWords, text } from './json-schema.js';

const requestId = about(schemaWords.uuid, 'The request.', '0193f2a3-5d1c-7a08-9b44-0e6f7a8b9c05');

const described = (meaning: string, fields: Readonly<Record<string, JsonSchema>> = {}): EventDescription => ({
  meaning,
  key: 'policyId',
  schema: object({ requestId, policyId, userId, ...fields }),
});

export const couponRequestEventDescriptions: Readonly<Record<keyof typeof couponRequestEventTypes, EventDescription>> =
  {
    CouponRequested: described('Somebody asked for a coupon and is answered later, by this request.'),
    RequestRefused: described(
      'A request for a coupon was refused. One that is granted is told by `coupon.issued.v1`.',
      {
        code: about(text, 'The refusal.', 'COUPON_SOLD_OUT'),
        data: about({ type: 'object' }, 'What explains the refusal.', { total: 1_000 }),
      },
    ),
  };
