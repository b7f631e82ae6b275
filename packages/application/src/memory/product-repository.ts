import { type Product, product } from '@org/domain';
import type { ProductRepository } from '../ports/product-repository.js';
import { InMemoryAggregates } from './aggregates.js';

export class InMemoryProductRepository extends InMemoryAggregates<Product> implements ProductRepository {
  constructor() {
    super('products', product.initial);
  }
}
