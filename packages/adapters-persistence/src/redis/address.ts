interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

/** Where Redis is, and who one is there. */
export type RedisAddress = { readonly tls: boolean } & Credentials &
  (
    | { readonly kind: 'STANDALONE'; readonly host: string; readonly port: number; readonly db: number }
    | { readonly kind: 'SENTINEL'; readonly nodes: readonly NodeAddress[]; readonly name: string; readonly db: number }
    | { readonly kind: 'CLUSTER'; readonly nodes: readonly NodeAddress[] }
  );

/** `redis://…`, `redis+sentinel://…`, `redis+cluster://…`; with `rediss` all of it goes through TLS. */
const form = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([^/]*))?(?:\/([^/]*))?$/;

const nodeOf = (text: string, port: number): NodeAddress | null => {
  const found = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text);
  return found ? { host: (found[1] as string).replace(/[[\]]/g, ''), port: Number(found[2] ?? port) } : null;
};

const credentialsOf = (text: string | undefined): Credentials => {
  if (!text) return {};
  const [username = '', ...rest] = text.split(':');
  const password = rest.join(':');
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
  };
};

const numberOf = (text: string | undefined) =>
  text === undefined || text === '' ? 0 : /^\d+$/.test(text) ? Number(text) : null;

/**
 * - `redis://[user:password@]host[:6379][/db]`
 * - `redis+sentinel://[user:password@]host[:26379],…/name[/db]`, the credentials being those of Redis
 * - `redis+cluster://[user:password@]host[:6379],…`
 * @returns null for anything else
 */
export function readRedisAddress(url: string): RedisAddress | null {
  const found = form.exec(url);
  if (!found) return null;
  const [, scheme, kind, login, hosts = '', first, second] = found;
  const nodes = hosts.split(',').map(host => nodeOf(host, kind === 'sentinel' ? 26_379 : 6_379));
  if (!nodes.every(node => node !== null)) return null;
  const common = { tls: scheme === 'rediss', ...credentialsOf(login) };
  const [only] = nodes;
  if (kind === 'cluster') return first ? null : { ...common, kind: 'CLUSTER', nodes };
  const db = numberOf(kind === 'sentinel' ? second : first);
  if (db === null) return null;
  if (kind === 'sentinel') return first ? { ...common, kind: 'SENTINEL', nodes, name: first, db } : null;
  return nodes.length === 1 && only && second === undefined ? { ...common, kind: 'STANDALONE', ...only, db } : null;
}
