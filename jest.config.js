const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@org/application/contracts/jest$': '<rootDir>/packages/application/src/contracts/jest.ts',
    '^@org/application/(memory|contracts)$': '<rootDir>/packages/application/src/$1/index.ts',
    '^@org/([a-z-]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
};

const project = (displayName, testMatch, options = {}) => ({ ...shared, displayName, testMatch, ...options });

/** Its tests share one database server per run. */
const onPostgres = {
  globalSetup: '<rootDir>/tests/support/global-setup.js',
  globalTeardown: '<rootDir>/tests/support/global-teardown.js',
};

export default {
  // Many tests wait, for brokers above all: three of them keep two processors busy.
  maxWorkers: 3,
  // Of `it.concurrent`, which is for tests that wait.
  maxConcurrency: 20,
  // Database servers start within the first hook that needs one, also on a busy machine.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/tests/support/summary-reporter.js'],
  projects: [
    project('unit', [
      '<rootDir>/packages/{domain,application,adapters-kafka,adapters-persistence}/src/**/!(*.contract).test.ts',
      '<rootDir>/examples/*/src/**/!(*.contract).test.ts',
    ]),
    // What the HTTP interface promises, held by requests to a server that listens.
    project('http', ['<rootDir>/packages/adapters-http/src/**/*.test.ts']),
    project('architecture', [
      '<rootDir>/tests/architecture/**/*.test.ts',
      '<rootDir>/tests/deploy/**/!(*.e2e).test.ts',
    ]),
    project('packages', ['<rootDir>/tests/packages/**/*.test.ts'], onPostgres),
    project(
      'contracts',
      ['<rootDir>/packages/*/src/**/*.contract.test.ts', '<rootDir>/tests/contracts/**/*.contract.test.ts'],
      onPostgres,
    ),
    project('e2e', ['<rootDir>/tests/{e2e,chaos}/**/*.test.ts', '<rootDir>/tests/deploy/**/*.e2e.test.ts'], onPostgres),
  ],
};
