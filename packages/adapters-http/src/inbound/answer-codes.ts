/** Who is to blame, and what to do: the status and the meaning of every code that an answer can carry. */
export interface CodeMeaning {
  readonly status: number;
  readonly meaning: string;
}

const of = (status: number, codes: Readonly<Record<string, string>>) =>
  Object.entries(codes).map(([code, meaning]): [string, CodeMeaning] => [code, { status, meaning }]);

/** A refused rule of the business is 409 unless the request itself is the problem. */
const table = [
  ...of(400, {
    MALFORMED_REQUEST: 'The request cannot be read as what this endpoint takes; `errors` names the fields.',
  }),
  ...of(401, {
    TOKEN_MISSING: 'The endpoint needs `Authorization: Bearer <token>`.',
    TOKEN_INVALID: 'The token is malformed, forged, not valid yet, or meant for somebody else.',
    TOKEN_EXPIRED: 'The token is past its `exp`.',
    TICKET_INVALID: 'The ticket is unknown, used before, or over: fetch another one.',
    INVALID_CREDENTIALS: 'E-mail address and password do not go together; which of them is wrong is not told.',
    REFRESH_TOKEN_INVALID: 'The refresh token is unknown, used before, or of a session that has ended: log in again.',
  }),
  ...of(403, {
    FORBIDDEN: 'The roles of the token do not allow this, or it acts for another user.',
    PASSWORD_WRONG: 'The current password is another one.',
  }),
  ...of(404, {
    ROUTE_NOT_FOUND: 'There is no such path.',
    DEAD_LETTER_NOT_FOUND: 'There is no such dead letter: it was handled, or never was one.',
    POLICY_NOT_FOUND: 'There is no such policy.',
    COUPON_NOT_FOUND: 'There is no such coupon, or it is not yours.',
    COUPON_REQUEST_NOT_FOUND: 'There is no such request for a coupon, or it is not yours.',
    RESERVATION_NOT_FOUND: 'There is no such reservation, or it is not yours.',
    CODE_NOT_FOUND: 'Nobody ever had such a code.',
    CODE_JOB_NOT_FOUND: 'The policy has no such job.',
    USER_NOT_FOUND: 'There is no such user, or it is not you.',
    PRODUCT_NOT_FOUND: 'There is no such product.',
    OPTION_NOT_FOUND: 'The product has no such option.',
    CART_NOT_FOUND: 'It is not your cart.',
    CART_ITEM_NOT_FOUND: 'Your cart has no such item.',
    STOCK_HOLD_NOT_FOUND: 'There is no such hold on stock.',
    ORDER_NOT_FOUND: 'There is no such order, or it is not yours.',
    ORDER_LINE_NOT_FOUND: 'The order has no such line.',
    POINT_NOT_FOUND: 'There is no such earning or use of points.',
    JOB_NOT_FOUND: 'There is no scheduled job of this name.',
    LOGIN_ELSEWHERE: 'Tokens come from another identity provider: nobody logs in here.',
  }),
  ...of(405, { METHOD_NOT_ALLOWED: 'The path takes other methods; `Allow` names them.' }),
  ...of(408, { REQUEST_TIMEOUT: 'The request took too long to arrive.' }),
  ...of(409, {
    POLICY_NOT_ACTIVE: 'The policy is a draft, paused or ended.',
    POLICY_STATUS_CONFLICT: 'The policy cannot do this in the status that it has.',
    POLICY_CODE_TAKEN: 'Another policy has this shared code.',
    LIMIT_BELOW_USE: 'The new limit is below what is issued or taken already.',
    ISSUE_WAY_NOT_ALLOWED: 'Coupons of this policy are had in another way.',
    ISSUE_PERIOD_NOT_STARTED: 'Coupons of this policy can be had from `from` on.',
    ISSUE_PERIOD_OVER: 'Coupons of this policy could be had until `until`.',
    VALIDITY_OVER: 'A coupon issued now would be expired already.',
    COUPON_ALREADY_ISSUED: 'The user has had as many coupons of this policy as one user gets.',
    COUPON_SOLD_OUT: 'All coupons of this policy are issued.',
    DAILY_LIMIT_REACHED: 'All coupons of today are issued; more come at `retryAt`.',
    BUDGET_EXHAUSTED: 'The discount does not fit into what is left of the budget of the policy.',
    CODE_ALREADY_REDEEMED: 'The code was turned into a coupon before.',
    COUPON_ALREADY_EXISTS: 'A coupon of this id exists.',
    COUPON_NOT_YET_VALID: 'The coupon can be used from `validFrom` on.',
    COUPON_EXPIRED: 'The coupon is expired.',
    COUPON_USED: 'The coupon is used.',
    COUPON_REVOKED: 'The coupon was revoked.',
    COUPON_RESERVED: 'The coupon is held for an order; the hold ends by `retryAt`.',
    COUPON_NOT_USED: 'There is no use to cancel.',
    USE_ALREADY_CANCELLED: 'The use was cancelled before.',
    RESERVATION_EXPIRED: 'The hold ran out before it was confirmed.',
    RESERVATION_NOT_ACTIVE: 'The hold has ended the other way.',
    RESERVATION_ID_TAKEN: 'Somebody else has a reservation of this id.',
    MINIMUM_ORDER_NOT_MET: 'The eligible lines are worth less than the policy asks for.',
    MINIMUM_QUANTITY_NOT_MET: 'There are fewer eligible units than the policy asks for.',
    REQUIRED_ITEM_MISSING: 'The cart lacks a product or category that the policy asks for.',
    NO_ELIGIBLE_LINES: 'No line of the cart is eligible.',
    NO_EFFECT: 'The coupon would take nothing off.',
    CHANNEL_NOT_ALLOWED: 'The policy is not for this sales channel.',
    SEGMENT_NOT_ALLOWED: 'The policy is not for this customer segment.',
    FIRST_ORDER_ONLY: 'The policy is for first orders only.',
    WEEKDAY_NOT_ALLOWED: 'The policy does not count on this weekday.',
    HOUR_NOT_ALLOWED: 'The policy does not count at this hour.',
    EXCLUSIVE_COUPON_APPLIED: 'A coupon that stands alone was applied.',
    GROUP_TAKEN: 'Another coupon of the same group was applied.',
    OUT_OF_STOCK: 'Fewer units are `free` than asked for.',
    STOCK_UNLIMITED: 'The e-book is there in any number: set how many are free first.',
    STOCK_HOLD_EXPIRED: 'The hold on stock ran out before it was posted.',
    STOCK_HOLD_NOT_ACTIVE: 'The hold on stock has ended the other way.',
    QUANTITY_NOT_RETURNABLE: 'Fewer units of the hold are still sold: `left`.',
    CART_FULL: 'The cart has as many items as it can have.',
    CART_QUANTITY_TOO_LARGE: 'The item would have more units than it can have.',
    INSUFFICIENT_POINTS: 'The user has fewer points to spend than that: `available`.',
    POINT_LIMIT_REACHED: 'No user is given more points in all than a number holds exactly.',
    POINT_NOT_CANCELLABLE: 'These points were held for an order: they come back when it is cancelled or refunded.',
    POINTS_SPENT: 'Points of this earning are spent already, and nobody may owe any.',
    POINTS_NOT_RETURNABLE: 'Fewer points are left of it to take back: `left`.',
    POINT_HOLD_EXPIRED: 'The hold on the points ran out before it was posted.',
    POINT_HOLD_NOT_ACTIVE: 'The hold on the points has ended the other way.',
    POINT_HOLD_EXCEEDED: 'More points would be posted than are held.',
    ORDER_ALREADY_EXISTS: 'There is an order of this number.',
    ORDER_COMPLETED: 'The order is completed: it goes back by refunds.',
    ORDER_NOT_COMPLETED: 'Only a completed order is refunded.',
    QUANTITY_NOT_REFUNDABLE: 'Fewer units of the line are left to refund: `left`.',
    HOLD_EXPIRED: 'What was held for the order was given up before the order could go on.',
    PRICE_CHANGED: 'The policy behind a code was edited while the order was placed.',
    PAYMENT_FAILED: 'The payment of the order has failed.',
    PAYMENT_CANCELLED: 'The payment of the order was cancelled.',
    PAYMENT_TIMEOUT: 'The order was not paid by its deadline.',
    CANCELLED_BY_REQUEST: 'The order was cancelled by its buyer or the shop, who gave no reason.',
    DEAD_LETTER_FAILED: 'The dead letter came back five times; its handler has to be mended.',
    EMAIL_TAKEN: 'Somebody has signed up with this e-mail address.',
    USER_ALREADY_EXISTS: 'There is an account of this id.',
    SESSION_ALREADY_EXISTS: 'There is a session of this id.',
    IDEMPOTENCY_KEY_IN_FLIGHT: 'A request with this key is under way.',
  }),
  ...of(412, { REVISION_CONFLICT: 'Somebody changed it since you read it; read it again.' }),
  ...of(413, { BODY_TOO_LARGE: 'The body is larger than this endpoint takes.' }),
  ...of(415, { UNSUPPORTED_MEDIA_TYPE: 'The body must be application/json, in UTF-8 and not compressed.' }),
  ...of(422, {
    UNPROCESSABLE_REQUEST: 'The request can be read, but a value makes no sense; `errors` names the fields.',
    ACCOUNT_INVALID: 'The account or its password makes no sense; `errors` names the fields.',
    POLICY_INVALID: 'The policy makes no sense; `errors` names the fields.',
    POLICY_WITHOUT_CODES: 'The policy has no CODE in its issuance.',
    CODE_SPACE_INVALID: 'The form of the codes makes no sense; `errors` names the fields.',
    CODE_SPACE_TOO_SMALL:
      'There are not as many codes of this form left: `capacity` in all, `used` of them taken, `asked` for.',
    CODE_MISTYPED: 'The check character does not fit: the code is mistyped.',
    CART_REQUIRED: 'The policy chooses lines, so an amount is not enough: send the cart.',
    CURRENCY_MISMATCH: 'The coupon is for another currency.',
    QUANTITY_INVALID: 'No order line has such a quantity; `most` is the largest.',
    ORDER_EMPTY: 'There is nothing to order.',
    ORDER_INVALID: 'The order makes no sense; `errors` names the fields.',
    CURRENCIES_MIXED: 'The lines have prices in several `currencies`; an order has one.',
    PRODUCT_INVALID: 'The product makes no sense; `errors` names the fields.',
    STOCK_TOO_LARGE: 'More units would be free than can be counted.',
    STOCK_HOLD_ID_REUSED: 'There is a hold on stock of this id for another order or option.',
    RESERVATION_ID_REUSED: 'You have a reservation of this id for another coupon or order.',
    POINT_KEY_REUSED: 'This user has points under this key, for another request.',
    POINTS_NEVER_USABLE: 'The points would expire before they could be used.',
    IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
  }),
  ...of(426, { UPGRADE_REQUIRED: 'The path takes WebSockets of version 13 only.' }),
  ...of(429, {
    TOO_MANY_LISTENERS: 'The user is connected to events as often as one user may be: `limit`.',
    RATE_LIMITED: 'Too many requests; `Retry-After` tells when to go on.',
    TOO_MANY_ATTEMPTS: 'Too many attempts of this client; `Retry-After` tells when to go on.',
  }),
  ...of(431, { HEADERS_TOO_LARGE: 'The head of the request is too large.' }),
  ...of(500, { INTERNAL_ERROR: 'Something broke here; `traceId` helps to find out what.' }),
  ...of(503, {
    STORE_UNAVAILABLE: 'The store cannot be reached; nothing was written. Try again later.',
    OUTCOME_UNKNOWN: 'The connection broke while writing: it may or may not be done. Send it again with the same key.',
    PUSH_UNAVAILABLE: 'No further client can be connected to events here now; try again.',
    CONFLICT: 'Too many others are writing the same; nothing was written. Try again.',
  }),
];

/** Every code of the API. `docs/refusal-codes.md` is made from it. */
export const answerCodes: ReadonlyMap<string, CodeMeaning> = new Map(table);

/** The status of a refusal; one that is not in the table is a rule of the business. */
export const statusOf = (code: string): number => answerCodes.get(code)?.status ?? 409;

/** `COUPON_SOLD_OUT` → `Coupon sold out`. */
export const titleOf = (code: string): string => {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The table as a page of the documentation. */
export function refusalCodesMarkdown(): string {
  const rows = [...answerCodes].map(([code, { status, meaning }]) => `| ${status} | \`${code}\` | ${meaning} |`);
  return [
    '# Codes of the answers',
    '',
    'Every answer of 400 and above is `application/problem+json` (RFC 9457) with one of these in `code`. Codes are part of',
    'the contract: clients branch on them, never on `title` or `detail`. A quote never fails on a coupon; the codes of',
    'what it could not apply are in its `refused`, as `reason`. An order that is cancelled names one as its `reason`, too.',
    '',
    '| status | code | meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
