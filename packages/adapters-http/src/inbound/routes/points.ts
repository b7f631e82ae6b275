import type { Page, Paged, PointInput, PointsMoved } from '@org/application';
import { parseInstant } from '@org/domain';
import { pointExamples as examples } from '../document/examples/point-examples.js';
import { CancelPointsDto, EarnPointsDto, UsePointsDto } from '../dto/point-dto.js';
import { sealCursor } from '../dto/query.js';
import { through } from '../idempotency.js';
import { Problem } from '../problem.js';
import { json, type Reply } from '../reply.js';
import { type Ask, type Route, route } from '../route.js';
import type { Service } from '../service.js';
import {
  balanceBody,
  cancelledBody,
  entryBody,
  lotBody,
  movedBody,
  pointBalance,
  pointCancellation,
  pointEntryPage,
  pointLotPage,
  pointMovement,
} from '../views/point-views.js';
import { originOf, ownerOf } from './acting.js';

const area = 'Points';
const instantOf = (text: string | null | undefined) => (typeof text === 'string' ? parseInstant(text) : null);

/** 201 for what is new under its key, 200 for the same again. */
const moved = (value: PointsMoved): Reply => {
  const body = movedBody(value);
  if (!value.created) return json(200, body);
  return json(201, body, ['Location', `/api/v2/points/users/${value.userId}/history`]);
};
const movedAnswers = {
  201: { description: 'Done; `balance` is what can be spent.', shape: pointMovement, example: examples.moved },
  200: { description: 'It was done before under this key.', shape: pointMovement, example: examples.moved },
};

function movement<Dto extends object>(
  { points }: Service,
  about: Pick<Route<Dto>, 'path' | 'name' | 'summary' | 'body' | 'answers' | 'refusals' | 'params'>,
  inputOf: (ask: Ask<Dto>) => PointInput | Problem,
  render: (value: PointsMoved) => Reply,
): Route {
  return route<Dto>({
    ...about,
    method: 'POST',
    area,
    roles: ['service', 'operator'],
    keyed: true,
    handle: ask => {
      const input = inputOf(ask);
      if (input instanceof Problem) return input;
      return through<PointInput, PointsMoved>(ask as unknown as Ask, points.move, input, render);
    },
  });
}

const movements = (service: Service): Route[] => [
  movement<EarnPointsDto>(
    service,
    {
      path: '/api/v2/points/earn',
      name: 'earnPoints',
      summary: 'Give a user points. An open debt is paid first.',
      body: { of: EarnPointsDto, examples: examples.earn },
      answers: movedAnswers,
      refusals: ['POINT_KEY_REUSED', 'POINTS_NEVER_USABLE', 'POINT_LIMIT_REACHED'],
    },
    ask => {
      const { userId, points, key, reason = null, orderNumber = null, availableAt, expiresAt } = ask.body;
      const times = { availableAt: instantOf(availableAt), expiresAt: instantOf(expiresAt) };
      return { change: 'Earn', userId, points, key, reason, orderNumber, ...times, origin: originOf(ask) };
    },
    moved,
  ),
  movement<UsePointsDto>(
    service,
    {
      path: '/api/v2/points/use',
      name: 'usePoints',
      summary: 'Spend points of a user, those first that expire first.',
      body: { of: UsePointsDto, examples: examples.use },
      answers: movedAnswers,
      refusals: ['POINT_KEY_REUSED', 'INSUFFICIENT_POINTS'],
    },
    ask => {
      const { userId, points, key, orderNumber } = ask.body;
      return { change: 'Use', userId, points, key, orderNumber, origin: originOf(ask) };
    },
    moved,
  ),
  movement<CancelPointsDto>(
    service,
    {
      path: '/api/v2/points/{pointId}/cancel',
      name: 'cancelPoints',
      summary: 'Undo a use: its points go back to their lots. Or an earning: what is spent of it already is owed.',
      params: { pointId: { form: 'UUID', unknown: 'POINT_NOT_FOUND' } },
      body: { of: CancelPointsDto, examples: examples.cancel, optional: true },
      answers: {
        200: { description: 'Cancelled, now or before.', shape: pointCancellation, example: examples.cancelled },
      },
      refusals: ['POINT_NOT_FOUND', 'POINT_NOT_CANCELLABLE', 'POINTS_SPENT'],
    },
    ask => {
      const { pointId = '' } = ask.params;
      const owner = ownerOf(ask.caller, ask.body.userId);
      if (owner instanceof Problem) return owner;
      return { change: 'Cancel', pointId, owner, reason: ask.body.reason ?? null, origin: originOf(ask) };
    },
    value => json(200, cancelledBody(value)),
  ),
];

/** A look at the points of one user: one's own, or anybody's for those who may. */
const look = (
  about: Pick<Route, 'path' | 'name' | 'summary' | 'hot' | 'query' | 'answers'>,
  body: (userId: string, page: Page, path: string) => Promise<object>,
): Route =>
  route({
    ...about,
    method: 'GET',
    area,
    roles: ['shopper', 'service', 'operator', 'admin'],
    params: { userId: { form: 'ID', unknown: 'USER_NOT_FOUND' } },
    refusals: ['USER_NOT_FOUND'],
    handle: async ({ params: { userId = '' }, query, caller, path }) =>
      userId === caller.sub || caller.seesOthers
        ? json(200, await body(userId, query, path))
        : new Problem('USER_NOT_FOUND', { data: { userId } }),
  });

const pages = { limit: 'limit', cursor: 'cursor' } as const;
const paged = <Item>({ items, nextCursor }: Paged<Item>, itemOf: (item: Item) => object, path: string) => ({
  items: items.map(itemOf),
  nextCursor: sealCursor(path, nextCursor),
});

const looks = ({ pointQueries }: Service): Route[] => [
  look(
    {
      path: '/api/v2/points/users/{userId}/balance',
      name: 'pointBalance',
      hot: true,
      summary: 'What a user can spend, what is held for orders, what is pending, and what is owed.',
      answers: { 200: { description: 'By the time of the database.', shape: pointBalance, example: examples.balance } },
    },
    async userId => balanceBody(userId, await pointQueries.balance(userId)),
  ),
  look(
    {
      path: '/api/v2/points/users/{userId}/history',
      name: 'pointHistory',
      summary: 'What happened to the points of a user, newest first.',
      query: pages,
      answers: {
        200: { description: 'A page.', shape: pointEntryPage, example: { items: [examples.entry], nextCursor: null } },
      },
    },
    async (userId, page, path) => paged(await pointQueries.history({ ...page, userId }), entryBody, path),
  ),
  look(
    {
      path: '/api/v2/points/users/{userId}/lots',
      name: 'pointLots',
      summary: 'The earnings of a user that have something left, in the order in which they are spent.',
      query: pages,
      answers: {
        200: { description: 'A page.', shape: pointLotPage, example: { items: [examples.lot], nextCursor: null } },
      },
    },
    async (userId, page, path) => paged(await pointQueries.lots({ ...page, userId }), lotBody, path),
  ),
];

export const pointRoutes = (service: Service): Route[] => [...movements(service), ...looks(service)];
