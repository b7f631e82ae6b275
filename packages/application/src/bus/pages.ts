import type { EventFeed, FeedPage } from '../ports/event-feed.js';

type Question = Parameters<EventFeed['read']>[0];

interface Ahead {
  readonly question: Question;
  readonly page: Promise<FeedPage>;
}

const isSame = (a: Question, b: Question) =>
  a.after === b.after && String(a.slices?.indices) === String(b.slices?.indices);

/** The pages of one member: while one is handled the next one is read, so that neither store nor handler waits for the other. */
export class Pages {
  private ahead: Ahead | null = null;

  constructor(private readonly feed: Pick<EventFeed, 'read'>) {}

  /** One page, and begins to read the one after it. `more` is also true of a log that has grown since it was read. */
  async read(question: Question): Promise<FeedPage> {
    const { ahead } = this;
    this.ahead = null;
    const isAhead = ahead !== null && isSame(ahead.question, question);
    const page = await (isAhead ? ahead.page : this.feed.read(question));
    if (page.more) this.readAhead({ ...question, after: page.next });
    return isAhead ? { ...page, more: true } : page;
  }

  private readAhead(question: Question): void {
    const page = this.feed.read(question);
    // What fails is told to whoever wants it.
    page.catch(() => undefined);
    this.ahead = { question, page };
  }

  /** Waits for what is being read: nothing goes on behind the back of who ends. */
  async end(): Promise<void> {
    await this.ahead?.page.catch(() => undefined);
    this.ahead = null;
  }
}
