import type { CartRepository } from '@org/application';
import { cartLines, type ShoppingCart, type ShoppingCartLine, shoppingCart } from '@org/domain';
import { TableRepository } from './table-repository.js';

export const cartOf = (lines: readonly ShoppingCartLine[]): ShoppingCart =>
  lines.length === 0 ? shoppingCart.initial : { status: 'FILLED', lines };

/** A cart is read and written as a whole, so its lines are one value. */
export class PostgresCartRepository extends TableRepository<ShoppingCart> implements CartRepository {
  constructor() {
    super({
      table: 'carts',
      idType: 'text',
      initial: shoppingCart.initial,
      columns: [{ name: 'lines', type: 'json', of: cart => JSON.stringify(cartLines(cart)) }],
      fromRow: row => cartOf(row.lines as unknown as readonly ShoppingCartLine[]),
    });
  }
}
