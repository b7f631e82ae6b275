import { setTimeout as sleep } from 'node:timers/promises';
import type { Membership, Place, Position } from './broker.js';
import { KafkajsSession, type SessionParts } from './kafkajs-session.js';

const LOOK_MS = 250;
/** A consumer whose broker is gone can't say goodbye. */
const GOODBYE_MS = 3_000;
const LONGEST_PAUSE_MS = 5_000;

/** A member of a group for as long as it wants to be: a consumer that crashed or fell silent is replaced by a new one. */
export class KafkajsGroup implements Membership {
  private readonly leaving = new AbortController();
  private session: KafkajsSession | null = null;
  private readonly ended: Promise<void>;

  constructor(private readonly parts: SessionParts) {
    this.ended = this.stay();
  }

  private get isLeaving(): boolean {
    return this.leaving.signal.aborted;
  }

  private async stay(): Promise<void> {
    for (let failures = 0; !this.isLeaving; ) {
      const begun = performance.now();
      const why = await this.live();
      const lived = performance.now() - begun;
      failures = lived > this.parts.settings.sessionTimeoutMs ? 0 : failures + 1;
      if (this.isLeaving) return;
      const { group } = this.parts.joining;
      this.parts.settings.log('warn', 'a consumer is replaced', { group, why });
      await this.rest(Math.min(100 * 2 ** failures, LONGEST_PAUSE_MS));
    }
  }

  private rest(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.leaving.signal, ref: false }).catch(() => undefined);
  }

  /** @returns why it is over */
  private async live(): Promise<string> {
    let why: string | null = null;
    const session = new KafkajsSession(this.parts, error => {
      why ??= error.message;
    });
    this.session = session;
    session.start().catch((error: Error) => {
      why ??= error.message;
    });
    while (why === null && !this.isLeaving) {
      if (session.overdueMs > 0) why = 'nothing was heard of the group';
      else await this.rest(LOOK_MS);
    }
    await Promise.race([session.end(), sleep(this.parts.settings.drainMs + GOODBYE_MS, undefined, { ref: false })]);
    this.session = null;
    return why ?? 'it leaves';
  }

  async commit(positions: readonly Position[]): Promise<void> {
    if (!this.session) throw new Error('no member of the group at the moment');
    await this.session.commit(positions);
  }

  pause(places: readonly Place[]): void {
    this.session?.pause(places);
  }

  resume(places: readonly Place[]): void {
    this.session?.resume(places);
  }

  async leave(): Promise<void> {
    this.leaving.abort();
    await this.ended;
  }
}
