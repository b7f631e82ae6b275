import type { Writable } from 'node:stream';
import type { Listening, Outlet, UserEvent } from '@org/application';
import type { Frame } from './frames.js';
import { frameOf } from './frames.js';
import type { Connected, End, Seat } from './listeners.js';
import type { PushCounters, Transport } from './push-counters.js';

export interface OutletParts {
  readonly listening: Listening;
  readonly seat: Seat;
  readonly counters: PushCounters;
  /** When the token ends: nothing is told after that. Epoch milliseconds. */
  readonly expiresAt: number;
  /** Most bytes that wait for one client. */
  readonly maxBuffer: number;
}

/** How one transport says it. */
export interface Wire {
  readonly transport: Transport;
  /** Where bytes wait for a slow client. */
  readonly stream: Writable;
  send(frame: Frame): void;
  /** False = the client shows no sign of life. */
  beat(): boolean;
  close(why: End): void;
}

/**
 * One connection, from its first event to its end. A client that doesn't take what it is told is cut off before it
 * costs the others anything; it comes back with the last id that it has.
 */
export class PushOutlet implements Outlet, Connected {
  private isOver = false;
  private isStuck = false;
  private isSuspect = false;
  private whenFree: (() => void) | null = null;

  constructor(
    private readonly wire: Wire,
    private readonly parts: OutletParts,
  ) {
    const { stream, transport } = wire;
    parts.counters.opened(transport);
    stream.on('drain', () => this.free());
    stream.once('close', () => this.over('LEFT'));
  }

  start(): void {
    // Whoever left while he was let in is not told that he is gone.
    if (this.wire.stream.destroyed) this.over('LEFT');
    if (this.isOver) return;
    this.parts.seat.connect(this);
    this.parts.listening.start(this);
  }

  tell(events: readonly UserEvent[]): void {
    for (const told of events) {
      if (this.isExpired) this.end('EXPIRED');
      if (this.isOver) return;
      this.wire.send(frameOf(told));
      this.parts.counters.told(told.event);
    }
    if (this.isTooMuch && !this.isSuspect) this.suspect();
  }

  drained(): Promise<void> {
    if (this.isOver || !this.wire.stream.writableNeedDrain) return Promise.resolve();
    return new Promise(resolve => {
      this.whenFree = resolve;
    });
  }

  beat(): void {
    if (this.isExpired) this.end('EXPIRED');
    // Full since the last beat, and nothing was taken.
    if (this.isStuck) this.end('SLOW');
    if (this.isOver) return;
    this.isStuck = this.wire.stream.writableNeedDrain;
    if (!this.wire.beat()) this.end('GONE');
  }

  end(why: End): void {
    if (this.isOver) return;
    this.over(why);
    this.wire.close(why);
  }

  private get isTooMuch() {
    return this.wire.stream.writableLength > this.parts.maxBuffer;
  }

  /** What was written in one go has left by the next turn of the loop, unless it can't. */
  private suspect() {
    this.isSuspect = true;
    setImmediate(() => {
      this.isSuspect = false;
      if (this.isTooMuch) this.end('SLOW');
    });
  }

  private get isExpired() {
    return Date.now() >= this.parts.expiresAt;
  }

  private free() {
    this.isStuck = false;
    this.whenFree?.();
    this.whenFree = null;
  }

  private over(why: End) {
    if (this.isOver) return;
    this.isOver = true;
    this.parts.listening.leave();
    this.parts.seat.leave();
    this.parts.counters.ended(this.wire.transport, why);
    this.free();
  }
}
