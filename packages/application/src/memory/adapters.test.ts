import { allContracts } from '../contracts/index.js';
import { describeContract } from '../contracts/jest.js';
import { inMemoryAdapters } from './adapters.js';

const setup = async () => {
  const adapters = inMemoryAdapters();
  return { ...adapters, elapse: (ms: number) => adapters.clock.advance(ms) };
};

describe('the in-memory adapters', () => {
  for (const contract of allContracts) describeContract(contract, setup);
});
