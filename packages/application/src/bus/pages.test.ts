import type { EventFeed, FeedPage } from '../ports/event-feed.js';
import { Pages } from './pages.js';

type Question = Parameters<EventFeed['read']>[0];

/** A log of so many pages; `asked` = after which places it was read. */
function aLog(count: number) {
  const asked: (string | null)[] = [];
  const fails = new Set<string | null>();
  let last = count;
  const read = async ({ after }: Question): Promise<FeedPage> => {
    asked.push(after);
    if (fails.delete(after)) throw new Error(`nothing after ${after}`);
    const place = Math.min(Number(after) + 1, last);
    return { events: [], next: String(place), more: place < last };
  };
  const grow = () => {
    last++;
  };
  const pages = new Pages({ read });
  const page = (question: Question, isOnly = true) => pages.read(question, { isOnly });
  return { asked, fails, grow, pages, page };
}

const question = (after: string | null, ...indices: readonly number[]): Question => ({
  ...{ after, types: [], limit: 10, slices: { indices, of: 8 } },
});

describe('the pages of a member', () => {
  it('are read ahead, each once, and the last one is not taken for the end of the log', async () => {
    const { page, asked, grow } = aLog(3);
    expect(await page(question('0', 1))).toMatchObject({ next: '1', more: true, isStale: false });
    expect(asked).toEqual(['0', '1']);
    expect(await page(question('1', 1))).toMatchObject({ next: '2', more: true, isStale: true });
    expect(asked).toEqual(['0', '1', '2']);
    grow();
    expect(await page(question('2', 1))).toMatchObject({ next: '3', more: false, isStale: true });
    expect(asked).toEqual(['0', '1', '2']);
    expect(await page(question('3', 1))).toMatchObject({ next: '4', more: false, isStale: false });
    expect(asked).toEqual(['0', '1', '2', '3']);
  });

  it('are read anew for other slices, and from another place', async () => {
    const { page, asked } = aLog(9);
    await page(question('0', 1));
    await page(question('1', 1, 2));
    await page(question('7', 1, 2));
    expect(asked).toEqual(['0', '1', '1', '2', '7', '8']);
  });

  it('are not read ahead while there are several places to read in', async () => {
    const { page, asked } = aLog(9);
    await page(question('0', 1), false);
    await page(question('4', 2), false);
    expect(asked).toEqual(['0', '4']);
  });

  it('that could not be read ahead are read when they are wanted', async () => {
    const { page, fails, asked } = aLog(9);
    fails.add('1');
    await page(question('0', 1));
    expect(await page(question('1', 1))).toMatchObject({ next: '2' });
    expect(asked).toEqual(['0', '1', '1', '2']);
    fails.add('7');
    await expect(page(question('7', 1))).rejects.toThrow('nothing after 7');
  });

  it('end when nothing is being read any more, also of what nobody wants', async () => {
    const open: (() => void)[] = [];
    const read = ({ after }: Question) =>
      new Promise<FeedPage>((resolve, reject) => {
        const page = { events: [], next: `${after}+`, more: true };
        if (after === 'a' || after === 'b') resolve(page);
        else open.push(after === 'a+' ? () => resolve(page) : () => reject(new Error('away')));
      });
    const pages = new Pages({ read });
    for (const after of ['a', 'b']) await pages.read(question(after, 1), { isOnly: true });
    let hasEnded = false;
    const ended = pages.end().then(() => {
      hasEnded = true;
    });
    for (const finish of open) {
      await new Promise(setImmediate);
      expect(hasEnded).toBe(false);
      finish();
    }
    await ended;
  });
});
