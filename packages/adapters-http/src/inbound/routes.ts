import { docsPage } from './document/docs-page.js';
import { openApi } from './document/openapi.js';
import { json } from './reply.js';
import { type Route, route } from './route.js';
import { cartRoutes } from './routes/carts.js';
import { codeRoutes } from './routes/codes.js';
import { couponRequestRoutes } from './routes/coupon-requests.js';
import { couponRoutes } from './routes/coupons.js';
import { deadLetterRoutes } from './routes/dead-letters.js';
import { issuingRoutes } from './routes/issuing.js';
import { operationRoutes } from './routes/operations.js';
import { orderRoutes } from './routes/orders.js';
import { paymentRoutes } from './routes/payments.js';
import { pointRoutes } from './routes/points.js';
import { policyRoutes } from './routes/policies.js';
import { productRoutes } from './routes/products.js';
import { pushRoutes } from './routes/push.js';
import { reservationRoutes } from './routes/reservations.js';
import { userRoutes } from './routes/users.js';
import type { Service } from './service.js';
import { anyFields, open, text } from './views/shapes.js';

export interface Routes {
  readonly all: readonly Route[];
  /** The one that upgrades connections, which is among them; null = there is none. */
  readonly webSocket: Route | null;
}

/**
 * - `EVERYTHING`: the whole API.
 * - `OPERATIONS`: health, metrics, jobs and the documents, for a process that no client calls.
 */
export type Offer = 'EVERYTHING' | 'OPERATIONS';

function businessOf(service: Service): Route[] {
  return [
    ...policyRoutes(service),
    ...codeRoutes(service),
    ...issuingRoutes(service),
    ...couponRequestRoutes(service),
    ...couponRoutes(service),
    ...reservationRoutes(service),
    ...productRoutes(service),
    ...cartRoutes(service),
    ...orderRoutes(service),
    ...paymentRoutes(service),
    ...pointRoutes(service),
    ...userRoutes(service),
    ...deadLetterRoutes(service),
    ...pushRoutes(service),
  ];
}

/** The table of all endpoints: the router, the document, the page and the tests are made from it. */
export function routesOf(service: Service, offer: Offer = 'EVERYTHING'): Routes {
  const business = offer === 'EVERYTHING' ? businessOf(service) : [];
  const all: Route[] = [...business, ...operationRoutes(service), ...documents(service, () => all)];
  return { all, webSocket: all.find(({ connects }) => connects === 'WEB_SOCKET') ?? null };
}

const area = 'Operations';
const openApiDocument = open({ openapi: text, info: anyFields, paths: anyFields, components: anyFields });
const anOpenApi = { openapi: '3.1.0', info: {}, paths: {}, components: {} };
const asyncApiDocument = open({ asyncapi: text });
const anAsyncApi = { asyncapi: '3.0.0' };

const documentOfEvents = ({ asyncApi }: Service): Route[] =>
  !asyncApi
    ? []
    : [
        route({
          method: 'GET',
          path: '/asyncapi.json',
          name: 'asyncapi',
          area,
          summary: 'The events of this service as an AsyncAPI 3.0 document.',
          roles: 'ANYBODY',
          limited: true,
          answers: { 200: { description: 'The document.', shape: asyncApiDocument, example: anAsyncApi } },
          handle: () => json(200, asyncApi),
        }),
      ];

/** Made for the first who asks, and the same for everybody after him. */
function whenAsked<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Those that tell of the others, and of themselves. */
function documents(service: Service, all: () => readonly Route[]): Route[] {
  const written = whenAsked(() => json(200, openApi(all())));
  const page = whenAsked(() => docsPage(all()));
  return [
    route({
      method: 'GET',
      path: '/openapi.json',
      name: 'openapi',
      area,
      summary: 'This API as an OpenAPI 3.1 document.',
      roles: 'ANYBODY',
      limited: true,
      answers: { 200: { description: 'The document.', shape: openApiDocument, example: anOpenApi } },
      handle: written,
    }),
    ...documentOfEvents(service),
    route({
      method: 'GET',
      path: '/docs',
      name: 'docs',
      area,
      summary: 'This API as a page to read.',
      roles: 'ANYBODY',
      limited: true,
      answers: { 200: { description: 'The page.', type: 'text/html' } },
      handle: page,
    }),
    route({
      method: 'GET',
      path: '/',
      name: 'home',
      area,
      summary: 'Leads whoever opens the address in a browser to the page.',
      roles: 'ANYBODY',
      limited: true,
      answers: { 302: { description: 'To /docs.', type: 'text/plain' } },
      handle: () => ({ status: 302, headers: ['Location', '/docs'], type: 'text/plain; charset=utf-8', body: '' }),
    }),
  ];
}
