import { createPublicKey } from 'node:crypto';
import { roles } from '../roles.js';
import { kafkaProblems } from './kafka-settings.js';
import { Malformed, SECRET_BYTES } from './readers.js';
import type { Setting } from './setting.js';
import { settings, type Values } from './settings.js';

export interface Config extends Values {
  /** Whether the port was asked for; if not, another one will do. */
  readonly portGiven: boolean;
}

/** The environment makes no sense: one line per variable. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const all: readonly Setting<unknown>[] = Object.values(settings);
const shortened = (value: string) => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);

/** Empty counts as not set: that is how compose files pass on what nobody has set. */
const given = (env: Environment, { variable }: Setting<unknown>) => env[variable] || null;

/** Reads, checks and completes the environment. @throws ConfigError naming every variable that is wrong, and its value */
export function readConfig(env: Environment): Config {
  const problems = misspelt(env);
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting<unknown>>(settings)) {
    const value = given(env, setting) ?? setting.fallback;
    try {
      values[name] = value === null ? null : setting.read(value);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      const shown = setting.secret ? `what it is (${value?.length} characters, not shown)` : shortened(value ?? '');
      problems.push(`${setting.variable} must be ${error.message}, not ${shown}`);
    }
  }
  const config = { ...(values as unknown as Values), portGiven: given(env, settings.port) !== null };
  problems.push(...contradictions(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** What is wrong with the key that tokens are signed with; null = nothing. */
function signingProblem({ jwtPrivateKey, jwtPublicKey }: Pick<Config, 'jwtPrivateKey' | 'jwtPublicKey'>) {
  if (!jwtPrivateKey) return null;
  if (!jwtPublicKey) return 'JWT_PRIVATE_KEY is set without JWT_PUBLIC_KEY: nobody could verify its tokens';
  const [own, other] = [jwtPrivateKey, jwtPublicKey].map(pem =>
    createPublicKey(pem).export({ type: 'spki', format: 'pem' }),
  );
  return own === other ? null : 'JWT_PRIVATE_KEY and JWT_PUBLIC_KEY do not belong together';
}

function contradictions(config: Config): string[] {
  const { databaseUrl, jwtSecret, jwtPublicKey } = config;
  const problems = [...kafkaProblems(config)];
  // A value that could not be read is told already.
  if (config.roles?.size < roles.length && !databaseUrl)
    problems.push(
      'ROLES names some of the roles without DATABASE_URL: an embedded Postgres belongs to one process alone',
    );
  const signing = signingProblem(config);
  if (signing) problems.push(signing);
  const bytes = Buffer.byteLength(jwtSecret ?? '');
  if (jwtSecret && jwtPublicKey)
    problems.push('JWT_SECRET and JWT_PUBLIC_KEY are both set: tokens have one kind of key');
  else if (jwtSecret && bytes < SECRET_BYTES)
    problems.push(`JWT_SECRET has ${bytes} bytes: it must have at least ${SECRET_BYTES}`);
  else if (databaseUrl && !jwtPublicKey && !jwtSecret)
    problems.push(`JWT_SECRET is missing: with DATABASE_URL it must have at least ${SECRET_BYTES} bytes`);
  return problems;
}

/** Others put variables of their own into the environment; only what is a slip of a known name is refused. */
function misspelt(env: Environment): string[] {
  const known = new Set(all.map(({ variable }) => variable));
  return Object.keys(env).flatMap(name => {
    if (known.has(name)) return [];
    const meant = all.find(({ variable }) => variable.length >= 8 && isSlipOf(name, variable));
    return meant ? [`${name} is not a setting: did you mean ${meant.variable}?`] : [];
  });
}

/** One letter added, left out, replaced, or swapped with its neighbour; or another case. */
export function isSlipOf(name: string, known: string): boolean {
  const [a, b] = [name.toUpperCase(), known.toUpperCase()];
  if (a === b) return true;
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (a.length > b.length) return restA.slice(1) === restB;
  if (a.length < b.length) return restA === restB.slice(1);
  const swapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return swapped || restA.slice(1) === restB.slice(1);
}
