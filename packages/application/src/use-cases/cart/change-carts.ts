import {
  cartLines,
  optionOf,
  type Product,
  pricedCart,
  refusal,
  type ShoppingCart,
  type ShoppingCartCommand,
  type ShoppingCartEvent,
  shoppingCart,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { type AggregateBatch, aggregateBatch } from '../../aggregate-batch.js';
import { cartEvents } from '../../catalogue-events.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { CartView } from '../../ports/catalogue-queries.js';
import type { Origin } from '../../ports/event-log.js';
import type { UseCase } from '../../use-case.js';

type Without<Command> = Command extends unknown ? Omit<Command, 'at' | 'quantity'> : never;

/** A change of the user's own cart. */
export interface CartInput {
  readonly userId: string;
  /** `quantity` of a Change: null = as many as before; of Add it is a number. */
  readonly change: Without<ShoppingCartCommand> & { readonly quantity?: number | null };
  readonly origin: Origin;
}

export interface ChangedCart {
  readonly cart: CartView;
  /** Whether the cart has a line that it had not before. */
  readonly created: boolean;
}

type Stores = Pick<Adapters, 'clock' | 'products' | 'carts' | 'events'>;
type Carts = AggregateBatch<ShoppingCart, ShoppingCartCommand, ShoppingCartEvent>;
type ProductOf = (productId: string) => Product;

/** The option that a change puts into the cart; null = it only takes out. */
const targetOf = ({ change }: CartInput) =>
  change.type === 'Add' ? change : change.type === 'Change' ? change.to : null;

/** Adds to carts, changes and removes their lines. Stock is not looked at: a cart holds nothing back from others. */
export const changeCarts =
  (stores: Stores): UseCase<CartInput, Outcome<ChangedCart>> =>
  async (tx, inputs) => {
    const userIds = [...new Set(inputs.map(({ userId }) => userId))];
    const batch: Carts = aggregateBatch(
      stores.carts,
      shoppingCart,
      await stores.carts.load(tx, userIds, { lock: true }),
    );
    const ids = [
      ...userIds.flatMap(userId => cartLines(batch.state(userId)).map(({ productId }) => productId)),
      ...inputs.flatMap(input => targetOf(input)?.productId ?? []),
    ];
    const products = await stores.products.load(tx, [...new Set(ids)]);
    const productOf: ProductOf = id => products.get(id)?.state ?? { status: 'NONE' };
    const at = await stores.clock.now(tx);
    const outcomes = inputs.map(input => changeOne(batch, productOf, input, at));
    await batch.save(tx);
    const events = batch.changed().flatMap(({ id, ...more }) => cartEvents(id, more));
    if (events.length > 0) await stores.events.append(tx, events);
    return outcomes;
  };

function changeOne(batch: Carts, productOf: ProductOf, input: CartInput, at: number): Outcome<ChangedCart> {
  const { userId, origin } = input;
  const before = cartLines(batch.state(userId));
  const outcome = unknownTarget(input, productOf) ?? batch.decide(userId, commandOf(input, before, at), origin);
  if (!outcome.accepted) return outcome;
  const after = cartLines(batch.state(userId));
  return done({ cart: { userId, lines: pricedCart(after, productOf) }, created: after.length > before.length });
}

function unknownTarget(input: CartInput, productOf: ProductOf): Outcome<never> | null {
  const target = targetOf(input);
  if (!target) return null;
  const { productId, optionId } = target;
  const product = productOf(productId);
  if (product.status === 'NONE') return refused(refusal('PRODUCT_NOT_FOUND', { productId }));
  return optionOf(product, optionId) ? null : refused(refusal('OPTION_NOT_FOUND', { productId, optionId }));
}

function commandOf({ change }: CartInput, lines: ReturnType<typeof cartLines>, at: number): ShoppingCartCommand {
  if (change.type === 'Add') return { ...change, quantity: change.quantity ?? 1, at };
  if (change.type !== 'Change') return { ...change, at };
  const { productId, optionId } = change.from;
  const line = lines.find(each => each.productId === productId && each.optionId === optionId);
  return { ...change, quantity: change.quantity ?? line?.quantity ?? 1, at };
}
