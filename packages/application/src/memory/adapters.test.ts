import {
  aggregateRepositoryContract,
  couponsAsAggregates,
  policiesAsAggregates,
  reservationsAsAggregates,
  unitOfWorkContract,
} from '../contracts/index.js';
import { describeContract } from '../contracts/jest.js';
import { inMemoryAdapters } from './adapters.js';

describe('the in-memory adapters', () => {
  describeContract(unitOfWorkContract, async () => inMemoryAdapters());
  describe('policies', () =>
    describeContract(aggregateRepositoryContract, async () => policiesAsAggregates(inMemoryAdapters())));
  describe('coupons', () =>
    describeContract(aggregateRepositoryContract, () => couponsAsAggregates(inMemoryAdapters())));
  describe('reservations', () =>
    describeContract(aggregateRepositoryContract, async () => reservationsAsAggregates(inMemoryAdapters())));
});
