import { allContracts, QUICK_BUS } from '../contracts/index.js';
import { describeContract } from '../contracts/jest.js';
import { inMemoryAdapters } from './adapters.js';

const setup = async () => {
  const adapters = inMemoryAdapters({ bus: QUICK_BUS });
  return { ...adapters, elapse: (ms: number) => adapters.clock.advance(ms) };
};

describe('the in-memory adapters', () => {
  for (const contract of allContracts) describeContract(contract, setup);
});
