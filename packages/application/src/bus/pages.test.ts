import type { EventFeed, FeedPage } from '../ports/event-feed.js';
import { Pages } from './pages.js';

type Question = Parameters<EventFeed['read']>[0];

/** A log of so many pages; `asked` = after which places it was read. */
function aLog(pages: number) {
  const asked: (string | null)[] = [];
  const fails = new Set<string | null>();
  let last = pages;
  const read = async ({ after }: Question): Promise<FeedPage> => {
    asked.push(after);
    if (fails.delete(after)) throw new Error(`nothing after ${after}`);
    const place = Math.min(Number(after) + 1, last);
    return { events: [], next: String(place), more: place < last };
  };
  const grow = () => {
    last++;
  };
  return { asked, fails, grow, pages: new Pages({ read }) };
}

const question = (after: string | null, ...indices: readonly number[]): Question => ({
  ...{ after, types: [], limit: 10, slices: { indices, of: 8 } },
});

describe('the pages of a member', () => {
  it('are read ahead, each once, and the last one is not taken for the end of the log', async () => {
    const { pages, asked, grow } = aLog(3);
    expect(await pages.read(question('0', 1))).toMatchObject({ next: '1', more: true });
    expect(asked).toEqual(['0', '1']);
    expect(await pages.read(question('1', 1))).toMatchObject({ next: '2', more: true });
    expect(asked).toEqual(['0', '1', '2']);
    grow();
    expect(await pages.read(question('2', 1))).toMatchObject({ next: '3', more: true });
    expect(asked).toEqual(['0', '1', '2']);
    expect(await pages.read(question('3', 1))).toMatchObject({ next: '4', more: false });
    expect(asked).toEqual(['0', '1', '2', '3']);
  });

  it('are read anew for other slices, and from another place', async () => {
    const { pages, asked } = aLog(9);
    await pages.read(question('0', 1));
    await pages.read(question('1', 1, 2));
    await pages.read(question('7', 1, 2));
    expect(asked).toEqual(['0', '1', '1', '2', '7', '8']);
  });

  it('that can not be read are told of when they are wanted, once', async () => {
    const { pages, fails } = aLog(9);
    fails.add('1');
    await pages.read(question('0', 1));
    await expect(pages.read(question('1', 1))).rejects.toThrow('nothing after 1');
    expect(await pages.read(question('1', 1))).toMatchObject({ next: '2' });
    fails.add('3');
    await pages.read(question('2', 1));
    await pages.end();
  });
});
