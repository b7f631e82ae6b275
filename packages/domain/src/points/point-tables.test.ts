import { allowedTransfers, isBalanced, ledgerAccounts, noFigures } from './ledger.js';
import { earningTransitions, spendingTransitions } from './point-account.js';

describe('the tables', () => {
  it.each([
    ['spendings', spendingTransitions, ['VOIDED', 'EXPIRED', 'CANCELLED']],
    ['earnings', earningTransitions, []],
  ])('of %s reach every status, and only these are final', (_, table, expected) => {
    const rows = Object.entries<Record<string, string>>(table);
    const reached = new Set(['NONE', ...rows.flatMap(([, row]) => Object.values(row))]);
    expect([...reached].sort()).toEqual(Object.keys(table).sort());
    expect(rows.filter(([, row]) => Object.keys(row).length === 0).map(([status]) => status)).toEqual(expected);
  });

  it('of transfers lead everywhere, and nowhere back to where they started', () => {
    expect(new Set(Object.values(allowedTransfers).flat())).toEqual(new Set(ledgerAccounts));
    for (const account of ledgerAccounts) expect(allowedTransfers[account]).not.toContain(account);
  });

  it.each([
    [noFigures, true],
    [{ ...noFigures, ISSUED: 5, SPENT: 5 }, true],
    [{ ...noFigures, DEBT: 5, SPENT: 5 }, true],
    [{ ...noFigures, ISSUED: 5 }, false],
    [{ ...noFigures, AVAILABLE: -5, SPENT: 5 }, false],
  ])('books that agree: %j %s', (figures, agree) => expect(isBalanced(figures)).toBe(agree));
});
