import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runFolder } from './run.js';

/**
 * What an engine gives, or null: where there is none the next rung of a ladder is taken, without a word. An engine that
 * is there and fails is no reason to fail either, but one to say so: somebody thinks that his tests run on it.
 */
export async function onDocker<Server>(what: string, start: () => Promise<Server>): Promise<Server | null> {
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
  } catch {
    return null;
  }
  return start().catch((error: Error) => {
    process.stderr.write(`${what} did not start in Docker: ${error.message}\n`);
    return null;
  });
}

export type Signal = 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

const commands: Readonly<Record<Signal, readonly string[]>> = {
  SIGKILL: ['kill'],
  SIGSTOP: ['pause'],
  SIGCONT: ['unpause'],
};

const docker = (...args: readonly string[]) => promisify(execFile)('docker', [...args]);

/** Does to a container what the signal does to a process. */
export const signalContainer = async (id: string, signal: Signal): Promise<void> => {
  await docker(...commands[signal], id);
};

export const restartContainer = async (id: string): Promise<void> => {
  await docker('start', id);
};

/** A container with all that it has written, whatever state it is in; one that is gone already is fine. */
export const removeContainer = async (id: string): Promise<void> => {
  await docker('rm', '-f', '-v', id).catch(() => undefined);
};

/** For global-teardown.js: removed after the run, whatever becomes of the test that has started it. */
export async function leaveBehind(kind: 'containers' | 'networks', id: string): Promise<void> {
  const folder = join(runFolder(), kind);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, id), '');
}
