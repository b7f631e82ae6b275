import { countedPlace, cursorOf, datedPlace } from './cursor.js';

const id = '01a1fcb8-0646-73f1-9de0-fe11200784bd';

describe('a cursor', () => {
  it.each([0, -1, 1_795_241_280_000, -210_866_803_200_000, 8_640_000_000_000_000])('leads to the instant %i', at => {
    expect(datedPlace(cursorOf([at, id]))).toEqual([at, id]);
  });

  it.each([
    ['before the calendar of the store', cursorOf([-210_866_803_200_001, id])],
    ['after the last date', cursorOf([8_640_000_000_000_001, id])],
    ['that is no number', cursorOf(['now', id])],
    ['of parts of a millisecond', cursorOf([0.5, id])],
    ['without an id', cursorOf([5])],
    ['that is no list', Buffer.from('{"at":5}').toString('base64url')],
    ['that is no JSON', 'x'],
  ])('to an instant %s is the start of the list, and nothing that the store would choke on', (_, cursor) => {
    expect(datedPlace(cursor)).toBeNull();
  });

  it.each<[string | null, number]>([
    [cursorOf([1]), 1],
    [cursorOf([2_147_483_647]), 2_147_483_647],
    [cursorOf([2_147_483_648]), 0],
    [cursorOf([Number.MAX_SAFE_INTEGER]), 0],
    [cursorOf([-1]), 0],
    [cursorOf([1.5]), 0],
    [cursorOf(['1']), 0],
    [cursorOf([]), 0],
    [null, 0],
  ])('%s leads to the number %i', (cursor, place) => expect(countedPlace(cursor)).toBe(place));
});
