import type { Product } from '@org/domain';
import type { AggregateRepository } from './aggregate-repository.js';

/** The catalogue's entries by the shop's own product ids. */
export type ProductRepository = AggregateRepository<Product>;
