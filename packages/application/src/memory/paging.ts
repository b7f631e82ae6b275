import type { Page, Paged } from '../ports/coupon-queries.js';

/** Newest first: what was made later, and of one instant the higher id. */
export interface Dated {
  readonly at: number;
  readonly id: string;
}

const newestFirst = (a: Dated, b: Dated) => b.at - a.at || (a.id < b.id ? 1 : -1);

/** A cursor that nobody has given out reads as the start of the list. */
function placeOf(cursor: string | null): Dated | null {
  const [at, id] = cursor?.split(' ') ?? [];
  return id !== undefined && Number.isSafeInteger(Number(at)) ? { at: Number(at), id } : null;
}

/** A page of what comes after the cursor; the cursor is a place, not a count, so that new entries move nothing. */
export function pageOf<Item>(
  items: readonly (Dated & { readonly item: Item })[],
  { limit, cursor }: Page,
): Paged<Item> {
  const place = placeOf(cursor);
  const after = place === null ? items : items.filter(item => newestFirst(item, place) > 0);
  const sorted = [...after].sort(newestFirst);
  const page = sorted.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    nextCursor: last && sorted.length > page.length ? `${last.at} ${last.id}` : null,
  };
}
