import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = '4.1.0';
const pom = join(import.meta.dirname, 'kafka/pom.xml');
/** Outlives the runs: Maven is asked once. */
const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'promotions-tests', `kafka-${VERSION}`);

export const canRun = (program: string, argument: string): Promise<boolean> =>
  run(program, [argument]).then(
    () => true,
    () => false,
  );

/** Kafka as Java libraries, by Maven. @returns the class path; null = there is no Java, or no Maven to get them with */
export async function kafkaJars(): Promise<string | null> {
  if (!(await canRun('java', '-version'))) return null;
  const there = await readdir(folder).catch(() => []);
  if (there.length === 0) {
    if (!(await canRun('mvn', '--version'))) return null;
    const draft = `${folder}.${process.pid}`;
    await mkdir(draft, { recursive: true });
    await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${draft}`]);
    // Somebody else may have been faster.
    await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
  }
  return join(folder, '*');
}
