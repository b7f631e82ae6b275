import { contract } from './contract.js';
import { describeContract } from './jest.js';

const globals = globalThis as unknown as Record<'describe' | 'it', unknown>;

/** What a contract registers with the runner, as text, and the tests by their titles. */
function registered(capabilities: readonly 'concurrent transactions'[]) {
  const lines: string[] = [];
  const tests = new Map<string, () => Promise<void>>();
  const { describe: realDescribe, it: realIt } = globals;
  const register = (kind: string) => (title: string, run: () => Promise<void>) => {
    lines.push(`${kind} ${title}`);
    tests.set(title, run);
  };
  globals.describe = (name: string, define: () => void) => {
    lines.push(`describe ${name}`);
    define();
  };
  globals.it = Object.assign(register('it'), { skip: register('skip') });
  const sample = contract<object>(
    'Sample',
    {
      async 'stays quiet'() {},
      async breaks() {
        throw new Error('planned');
      },
      async 'meets another'() {},
    },
    { 'meets another': 'concurrent transactions' },
  );
  try {
    describeContract(sample, async () => ({}), { capabilities });
  } finally {
    globals.describe = realDescribe;
    globals.it = realIt;
  }
  return { lines, tests };
}

describe('describing a contract with Jest', () => {
  it('makes a test of every case', () => {
    const { lines } = registered(['concurrent transactions']);
    expect(lines).toEqual(['describe Sample', 'it stays quiet', 'it breaks', 'it meets another']);
  });

  it('skips what the adapter lacks the capability for, and prints the reason', () => {
    const { lines } = registered([]);
    expect(lines.at(-1)).toBe('skip meets another (skipped: needs concurrent transactions)');
  });

  it('lets a broken case fail its test', async () => {
    const { tests } = registered([]);
    await expect(tests.get('breaks')?.()).rejects.toThrow('planned');
    await expect(tests.get('stays quiet')?.()).resolves.toBeUndefined();
  });
});
