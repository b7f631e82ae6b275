import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerCodes, refusalCodesMarkdown, statusOf, titleOf } from './answer-codes.js';

const root = join(import.meta.dirname, '../../../..');
const page = join(root, 'docs/refusal-codes.md');

/** Words of the core that look like codes and are none: values of fields, kinds of answers. */
const words = new Set(
  `BUY_X_GET_Y FREE_SHIPPING FIXED_AMOUNT HALF_UP HALF_EVEN HALF_DOWN FIRST_COME THRESHOLD_CLAWBACK GROUP_COMMIT ROW_LOCK
  OTHER_REQUEST IN_FLIGHT WELL_FORMED PER_UNIT GIVES_MORE ADD_AMOUNT ADD_QUANTITY ADD_PRODUCT
  NOTHING_TO_TAKE TOO_FEW_UNITS NO_TIER_REACHED TOO_FEW_BOUGHT TOO_FEW_TO_GET TOO_MUCH
  LOGGED_OUT TOKEN_REUSED PASSWORD_CHANGED
  AWAITING_PAYMENT REFUND_DUE PAYMENT_AMOUNT_MISMATCH CANCELLED_AFTER_COMPLETION EVENT_ID_REUSED FEED_CURSOR_INVALID
  DEAD_LETTER FAILED_FOR_GOOD REDIS_GATE SOLD_OUT LOCK_BUSY LOCK_UNAVAILABLE GATE_UNAVAILABLE HALF_OPEN CIRCUIT_OPEN`.split(
    /\s+/,
  ),
);

function codesIn(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter(
      file =>
        file.endsWith('.ts') && !/\.(test|fixtures)\.ts$/.test(file) && !/^(contracts|memory|simulation)\//.test(file),
    )
    .flatMap(file => readFileSync(join(root, folder, file), 'utf8').match(/(?<=')[A-Z]+(_[A-Z]+)+(?=')/g) ?? [])
    .filter(code => !words.has(code));
}

describe('the codes of the answers', () => {
  it('have a status and a meaning, all that the core can answer with', () => {
    const known = [...codesIn('packages/domain/src'), ...codesIn('packages/application/src')];
    expect(known).toContain('COUPON_SOLD_OUT');
    expect([...new Set(known)].filter(code => !answerCodes.has(code))).toEqual([]);
  });

  it('are on the page of the documentation (UPDATE_DOCS=1 writes it anew)', () => {
    if (process.env.UPDATE_DOCS) writeFileSync(page, refusalCodesMarkdown());
    expect(readFileSync(page, 'utf8')).toBe(refusalCodesMarkdown());
  });

  it('are one each', () => {
    const source = readFileSync(join(import.meta.dirname, 'answer-codes.ts'), 'utf8');
    const named = source.match(/\b[A-Z_]{4,}(?=:)/g) ?? [];
    expect(named.length).toBe(new Set(named).size);
    expect(named.length).toBe(answerCodes.size);
  });

  it('of the business that nobody has written down yet are 409', () => {
    expect(statusOf('SOMETHING_NEW')).toBe(409);
    expect(titleOf('COUPON_SOLD_OUT')).toBe('Coupon sold out');
  });
});
