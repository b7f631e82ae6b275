import type { ShoppingCart } from '@org/domain';
import type { AggregateRepository } from './aggregate-repository.js';

/** Shopping carts by the id of their user. */
export type CartRepository = AggregateRepository<ShoppingCart>;
