export {
  type AggregateRepositoryFixture,
  aggregateRepositoryContract,
  type Samples,
} from './aggregate-repository-contract.js';
export { couponsAsAggregates, policiesAsAggregates, reservationsAsAggregates } from './aggregate-samples.js';
export { type Capability, type Contract, type ContractCase, contract } from './contract.js';
export { type CaseResult, type RunOptions, runCase, runContract, skipReason } from './run.js';
export { type UnitOfWorkFixture, unitOfWorkContract } from './unit-of-work-contract.js';
