/** What is used of it: the types that it ships are not found by its own `exports`. */
declare module 'redlock' {
  export class ResourceLockedError extends Error {}

  export class ExecutionError extends Error {
    readonly attempts: readonly Promise<{ readonly votesAgainst: ReadonlyMap<object, Error> }>[];
  }

  export interface Lock {
    /** Milliseconds since 1970, by the clock of this machine. */
    readonly expiration: number;
    release(): Promise<unknown>;
  }

  // biome-ignore lint/style/noDefaultExport: it is theirs
  export default class Redlock {
    constructor(clients: readonly object[], settings: { readonly retryCount: number });
    acquire(resources: readonly string[], durationMs: number): Promise<Lock>;
  }
}
