import type { EventFeed, FeedPage } from '../ports/event-feed.js';

type Question = Parameters<EventFeed['read']>[0];

interface Ahead {
  readonly question: Question;
  readonly page: Promise<FeedPage>;
}

const isSame = (a: Question, b: Question) =>
  a.after === b.after && String(a.slices?.indices) === String(b.slices?.indices);

/** `isStale`: the log may have grown since it was read. */
export type Page = FeedPage & { readonly isStale: boolean };

/** The pages of one member: while one is handled the next one is read, so that neither store nor handler waits for the other. */
export class Pages {
  private ahead: Ahead | null = null;
  private readonly reading = new Set<Promise<unknown>>();

  constructor(private readonly feed: Pick<EventFeed, 'read'>) {}

  /**
   * One page.
   * @param isOnly whether the member reads in this place alone: then it begins to read what comes after it
   */
  async read(question: Question, { isOnly }: { readonly isOnly: boolean }): Promise<Page> {
    const { ahead } = this;
    this.ahead = null;
    const isAhead = ahead !== null && isSame(ahead.question, question);
    // What could not be read ahead may be read by now.
    const page = isAhead ? await ahead.page.catch(() => this.feed.read(question)) : await this.feed.read(question);
    if (page.more && isOnly) this.readAhead({ ...question, after: page.next });
    return { ...page, isStale: isAhead };
  }

  private readAhead(question: Question): void {
    const page = this.feed.read(question);
    this.ahead = { question, page };
    const forget = () => this.reading.delete(over);
    const over: Promise<unknown> = page.then(forget, forget);
    this.reading.add(over);
  }

  /** Waits for what is being read: nothing goes on behind the back of who ends. */
  async end(): Promise<void> {
    this.ahead = null;
    await Promise.all(this.reading);
  }
}
