import type { Route } from './route.js';

/** Paths without parameters first, so that `/coupons/issue` is never taken for the id of a coupon. */
export function byPath(routes: readonly Route[]): [string, Route[]][] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) groups.set(route.path, [...(groups.get(route.path) ?? []), route]);
  return [...groups].sort(([a], [b]) => Number(a.includes('{')) - Number(b.includes('{')));
}
