import { readFile, readlink } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

interface PidFile extends RunningServer {
  readonly path: string;
  readonly process: 'OURS' | 'ANOTHER' | 'NONE';
}

/** What kind of process has this number now. A server of Postgres works in the folder of its data. */
async function processOf(pid: number, folder: string): Promise<PidFile['process']> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'NONE';
  }
  if (platform() !== 'linux') return 'OURS';
  const home = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return home === folder ? 'OURS' : 'ANOTHER';
}

async function readPidFile(folder: string): Promise<PidFile | null> {
  const path = join(folder, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => null);
  const [pid = 0, , , port = 0] = (text ?? '').split('\n').map(Number);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { path, pid, port, process: await processOf(pid, folder) };
}

/** The server that serves this folder now, whoever started it. */
export async function runningServer(folder: string): Promise<RunningServer | null> {
  const found = await readPidFile(folder);
  return found?.process === 'OURS' && found.port > 0 ? { pid: found.pid, port: found.port } : null;
}

/** The file of a server that is gone while another process (or a zombie) has its number: Postgres would believe it. */
export async function staleServer(folder: string): Promise<string | null> {
  const found = await readPidFile(folder);
  return found?.process === 'ANOTHER' ? found.path : null;
}
