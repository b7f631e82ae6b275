import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The run's own folder, made by global-setup.js. */
export function runFolder(): string {
  const folder = process.env.PROMOTIONS_TEST_RUN;
  if (!folder) throw new Error('this project of jest.config.js has no globalSetup: tests/support/global-setup.js');
  return folder;
}

const PATIENCE_MS = 300_000;

/** Does something once per run, whichever worker comes first; the others wait for its result. */
export async function oncePerRun<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const file = join(runFolder(), `${name}.json`);
  const first = await mkdir(join(runFolder(), `${name}.lock`)).then(
    () => true,
    () => false,
  );
  if (first) {
    const outcome = await work().then(
      result => ({ result }),
      (error: Error) => ({ error: error.message }),
    );
    const text = 'result' in outcome ? JSON.stringify(outcome.result) : JSON.stringify(outcome);
    await writeFile(`${file}.draft`, text);
    await rename(`${file}.draft`, 'result' in outcome ? file : `${file}.failed`);
    if ('error' in outcome) throw new Error(outcome.error);
    return outcome.result;
  }
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await sleep(25)) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) return JSON.parse(text) as Result;
    const failure = await readFile(`${file}.failed`, 'utf8').catch(() => null);
    if (failure !== null) throw new Error(`${name}: ${failure}`);
  }
  throw new Error(`${name} was not ready after ${PATIENCE_MS} ms`);
}
