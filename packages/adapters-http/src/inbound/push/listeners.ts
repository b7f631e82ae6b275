import { Problem } from '../problem.js';

/** Why a connection ends. */
export type End = 'EXPIRED' | 'SLOW' | 'FAILED' | 'GONE' | 'DRAINING' | 'LEFT';

/** One client that is connected to be told of events. */
export interface Connected {
  /** Sends a sign of life, or ends what shows none. */
  beat(): void;
  end(why: End): void;
}

/** A place among the connections, taken before anything else is done for one. */
export interface Seat {
  connect(connected: Connected): void;
  leave(): void;
}

export interface ListenersSettings {
  /** Milliseconds; 0 = none. */
  readonly heartbeat: number;
  readonly maxListeners: number;
  readonly maxListenersPerUser: number;
}

/** A beat for all at once would come in waves: they are spread over so many parts of the time between two. */
const SLOTS = 15;

/** Who is connected to be told of events: how many in all and of each user, and when each is looked at. */
export class Listeners {
  isDraining = false;
  private readonly perUser = new Map<string, number>();
  private readonly slots = Array.from({ length: SLOTS }, () => new Set<Connected>());
  private seats = 0;
  private turn = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly settings: ListenersSettings) {}

  enter(userId: string): Seat | Problem {
    const { maxListeners, maxListenersPerUser } = this.settings;
    const own = this.perUser.get(userId) ?? 0;
    if (own >= maxListenersPerUser)
      return new Problem('TOO_MANY_LISTENERS', {
        data: { limit: maxListenersPerUser },
        headers: ['Retry-After', '15'],
      });
    if (this.isDraining || this.seats >= maxListeners)
      return new Problem('PUSH_UNAVAILABLE', { headers: ['Retry-After', '5'] });
    this.seats++;
    this.perUser.set(userId, own + 1);
    return this.seat(userId);
  }

  /** Ends them all, and lets nobody in any more. */
  drain(): void {
    this.isDraining = true;
    for (const slot of this.slots) for (const connected of slot) connected.end('DRAINING');
  }

  private seat(userId: string): Seat {
    let isTaken = true;
    let slot: Set<Connected> | undefined;
    let mine: Connected;
    return {
      connect: connected => {
        mine = connected;
        slot = this.slots[this.turn];
        slot?.add(connected);
        this.start();
      },
      leave: () => {
        if (!isTaken) return;
        isTaken = false;
        slot?.delete(mine);
        this.left(userId);
      },
    };
  }

  private left(userId: string) {
    this.seats--;
    const own = (this.perUser.get(userId) ?? 0) - 1;
    if (own > 0) this.perUser.set(userId, own);
    else this.perUser.delete(userId);
    if (this.seats > 0 || !this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  private start() {
    const { heartbeat } = this.settings;
    if (this.timer || heartbeat === 0) return;
    const next = () => {
      this.turn = (this.turn + 1) % SLOTS;
      for (const connected of this.slots[this.turn] ?? []) connected.beat();
    };
    this.timer = setInterval(next, Math.max(1, heartbeat / SLOTS)).unref();
  }
}
