import type { CouponId } from '@org/domain';
import type { Page, Paged } from '../../ports/coupon-queries.js';
import { liesAbout, lying } from './lie.fixtures.js';

/** Pages by a count of what was seen, which moves when something new comes in. */
async function byCount<Item>(page: Page, all: (page: Page) => Promise<Paged<Item>>): Promise<Paged<Item>> {
  const { items } = await all({ limit: 10_000, cursor: null });
  const from = Number(page.cursor ?? 0);
  const next = from + page.limit;
  return { items: items.slice(from, next), nextCursor: next < items.length ? String(next) : null };
}

export const liesAboutQueries = [
  ...liesAbout('CouponQueries: coupons', {
    'tells a coupon as it was written last': {
      tell: ({ queries, coupons }) => ({
        queries: lying(queries, {
          coupon: async id => {
            const state = coupons.rows.outside.get(id)?.state;
            return !state || state.status === 'NONE' ? null : { ...state, id: id as CouponId };
          },
        }),
      }),
      caughtBy: ['tells every coupon as the time of the store has made it'],
    },
    'pages by count': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          couponsOfUser: ({ userId, status, ...page }) =>
            byCount(page, whole => queries.couponsOfUser({ userId, status, ...whole })),
        }),
      }),
      caughtBy: ['pages on from where it was while newer coupons come in'],
    },
    'shows the coupons of somebody else': {
      tell: ({ queries }) => ({
        queries: lying(queries, { couponsOfUser: filter => queries.couponsOfUser({ ...filter, userId: 'ann' }) }),
      }),
      caughtBy: ['lists the coupons of a user, newest first, and those of nobody else'],
    },
    'lists the oldest first': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          couponsOfUser: async filter => {
            const { items, nextCursor } = await queries.couponsOfUser(filter);
            return { items: [...items].reverse(), nextCursor };
          },
        }),
      }),
      caughtBy: ['lists the coupons of a user, newest first, and those of nobody else'],
    },
    'loses the last of every page': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          couponsOfUser: async filter => {
            const { items, nextCursor } = await queries.couponsOfUser(filter);
            return { items: nextCursor === null ? items : items.slice(0, -1), nextCursor };
          },
        }),
      }),
      caughtBy: ['pages through a list without loss or double, whatever the size of the page'],
    },
    'ignores the status of a list': {
      tell: ({ queries }) => ({
        queries: lying(queries, { couponsOfUser: filter => queries.couponsOfUser({ ...filter, status: null }) }),
      }),
      caughtBy: ['lists by what the coupons are now, not by what was written last'],
    },
    'counts everything as available': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          statistics: async id => {
            const figures = await queries.statistics(id);
            return figures && { ...figures, available: figures.issued };
          },
        }),
      }),
      caughtBy: ['counts the coupons of a policy by what they are now'],
    },
    'cuts the holders at the limit': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          holders: async (id, limit) => new Map([...((await queries.holders(id, 10_000)) ?? [])].slice(0, limit)),
        }),
      }),
      caughtBy: ['tells the holders of a policy, or null when they are too many'],
    },
    'tells the time of its own machine': {
      tell: ({ queries }) => ({ queries: lying(queries, { now: async () => 0 }) }),
      caughtBy: ['tells the time of the store'],
    },
  }),
  ...liesAbout('CouponQueries: requests', {
    'shows requests to everybody': {
      tell: ({ queries }) => ({ queries: lying(queries, { request: id => queries.request(id, null) }) }),
      caughtBy: ['shows a request to whom it is for, and to who asks for anybody', 'tells why a request was refused'],
    },
    'shows requests to nobody else than whom they are for': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          request: async (id, userId) => (userId === null ? null : queries.request(id, userId)),
        }),
      }),
      caughtBy: ['shows a request to whom it is for, and to who asks for anybody'],
    },
    'takes any coupon of the policy for the one of a request': {
      tell: ({ queries, coupons }) => ({
        queries: lying(queries, {
          request: async (id, userId) => {
            const view = await queries.request(id, userId);
            const rows = coupons.rows.outside.entries();
            const row = rows.find(
              ([, { state }]) => state.status !== 'NONE' && state.facts.policyId === view?.policyId,
            );
            const coupon = row && (await queries.coupon(row[0]));
            return view && coupon ? { ...view, status: 'ISSUED', coupon } : view;
          },
        }),
      }),
      caughtBy: [
        'tells the coupon of a request by its cause, as the time of the store has made it',
        'takes no coupon of somebody else for the one of a request',
      ],
    },
    'tells a refusal without its data': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          request: async (id, userId) => {
            const view = await queries.request(id, userId);
            return view?.status === 'REFUSED' ? { ...view, refusal: { ...view.refusal, data: {} } } : view;
          },
        }),
      }),
      caughtBy: ['tells why a request was refused'],
    },
  }),
  ...liesAbout('CouponQueries: policies and codes', {
    'mixes up the number of the terms and of the state': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          policy: async id => {
            const view = await queries.policy(id);
            return view && { ...view, version: view.revision };
          },
        }),
      }),
      caughtBy: ['tells a policy with the number of its terms and of its state'],
    },
    'pages policies by count': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          policies: ({ status, ...page }) => byCount(page, whole => queries.policies({ status, ...whole })),
        }),
      }),
      caughtBy: ['pages on from where it was while newer policies come in'],
    },
    'ignores the status of policies': {
      tell: ({ queries }) => ({
        queries: lying(queries, { policies: filter => queries.policies({ ...filter, status: null }) }),
      }),
      caughtBy: ['lists policies newest first, by status, in pages of any size'],
    },
    'lists codes in the order of the alphabet': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          codes: ({ policyId, ...page }) =>
            byCount(page, async whole => {
              const { items } = await queries.codes({ policyId, ...whole });
              return { items: [...items].sort((a, b) => (a.code < b.code ? -1 : 1)), nextCursor: null };
            }),
        }),
      }),
      caughtBy: ['lists codes as they are printed, in the order of their creation, with their state'],
    },
    'lists codes without their hyphens': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          codes: async filter => {
            const { items, nextCursor } = await queries.codes(filter);
            return { items: items.map(item => ({ ...item, code: item.code.replace('-', '') })), nextCursor };
          },
        }),
      }),
      caughtBy: ['lists codes as they are printed, in the order of their creation, with their state'],
    },
    'shows a job as it was at its start': {
      tell: ({ queries }) => ({
        queries: lying(queries, {
          codeJob: async id => {
            const job = await queries.codeJob(id);
            return job && { ...job, created: 0 };
          },
        }),
      }),
      caughtBy: ['tells how far a job has come'],
    },
  }),
];
