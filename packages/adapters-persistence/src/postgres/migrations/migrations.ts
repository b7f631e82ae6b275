import { Policies1767225600001 } from './1-policies.js';
import { Coupons1767225600002 } from './2-coupons.js';
import { Codes1767225600003 } from './3-codes.js';
import { Events1767225600004 } from './4-events.js';
import { Idempotency1767225600005 } from './5-idempotency.js';
import { Catalogue1767225600006 } from './6-catalogue.js';
import { Points1767225600008 } from './8-points.js';
import { Accounts1767225600009 } from './9-accounts.js';
import { Feed1767225600010 } from './10-feed.js';
import { Orders1767225600011 } from './11-orders.js';
import { Tickets1767225600012 } from './12-tickets.js';
import { CouponRequests1767225600013 } from './13-coupon-requests.js';
import { Resealing1767225600014 } from './14-resealing.js';
import { PointsInPlace1767225600015 } from './15-points-in-place.js';
import { LockFences1767225600016 } from './16-lock-fences.js';
import { ParkedByKey1767225600017 } from './17-parked-by-key.js';
import { PaymentEvents1767225600018 } from './18-payment-events.js';

/** In order; what was released once is never edited again, only followed. */
export const migrations = [
  Policies1767225600001,
  Coupons1767225600002,
  Codes1767225600003,
  Events1767225600004,
  Idempotency1767225600005,
  Catalogue1767225600006,
  Points1767225600008,
  Accounts1767225600009,
  Feed1767225600010,
  Orders1767225600011,
  Tickets1767225600012,
  CouponRequests1767225600013,
  Resealing1767225600014,
  PointsInPlace1767225600015,
  LockFences1767225600016,
  ParkedByKey1767225600017,
  PaymentEvents1767225600018,
];
