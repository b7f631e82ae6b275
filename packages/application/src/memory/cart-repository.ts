import { type ShoppingCart, shoppingCart } from '@org/domain';
import type { CartRepository } from '../ports/cart-repository.js';
import { InMemoryAggregates } from './aggregates.js';

export class InMemoryCartRepository extends InMemoryAggregates<ShoppingCart> implements CartRepository {
  constructor() {
    super('carts', shoppingCart.initial);
  }
}
