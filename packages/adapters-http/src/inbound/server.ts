import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type {
  Accounts,
  Catalogue,
  CatalogueQueries,
  CouponQueries,
  DeadLetters,
  GroupLag,
  OrderQueries,
  Orders,
  PointQueries,
  Points,
  Promotions,
  Push,
} from '@org/application';
import type { Request, Response } from 'express';
import type { Registry } from 'prom-client';
import { addressReader } from './address.js';
import { expressApp } from './app.js';
import { accessTokens } from './auth/access-tokens.js';
import { authenticator } from './auth/auth.js';
import { answerBroken } from './broken-requests.js';
import { Call, remember } from './call.js';
import { type HttpConfig, type Settings, settingsOf } from './config.js';
import { Connections } from './connections.js';
import { hotRoutes } from './hot-routes.js';
import type { HttpLogger } from './logging.js';
import { showBus } from './metrics/bus-metrics.js';
import { type Breaker, showCircuits } from './metrics/circuit-metrics.js';
import { showConsumers } from './metrics/consumer-metrics.js';
import { countersIn, newRegistry } from './metrics/metrics.js';
import { showPayments } from './metrics/payment-metrics.js';
import { Listeners } from './push/listeners.js';
import { pushCountersIn } from './push/push-counters.js';
import { redeemer } from './push/redeem.js';
import { acceptUpgrades } from './push/upgrade.js';
import { rateLimit } from './rate-limits.js';
import { responder } from './respond.js';
import { type Offer, routesOf } from './routes.js';
import { failureOf, type Gate, serve } from './serve.js';
import type { Job, Readiness, Service } from './service.js';
import { shutdown } from './shutdown.js';
import { requestIdOf, traceOf } from './tracing.js';

export interface HttpServerOptions {
  readonly promotions: Promotions;
  readonly accounts: Accounts;
  readonly queries: CouponQueries;
  readonly catalogue: Catalogue;
  readonly catalogueQueries: CatalogueQueries;
  readonly orders: Orders;
  readonly orderQueries: OrderQueries;
  readonly points: Points;
  readonly pointQueries: PointQueries;
  readonly deadLetters: DeadLetters;
  readonly push: Push;
  /** What clients can call here. Default `EVERYTHING`. */
  readonly offer?: Offer;
  readonly config: HttpConfig;
  readonly logger: HttpLogger;
  /** Where the figures go; other parts of the process may have theirs in it too. Default: one of its own. */
  readonly metrics?: Registry;
  /** Shown among the figures. Default: none. */
  readonly breakers?: readonly Breaker[];
  /** Whether `/metrics` shows how far the groups of consumers are, whoever works for them. Default: no. */
  readonly showBus?: boolean;
  /** How far the consumers of this process are, shown among the figures. Default: it has none. */
  readonly consumers?: () => readonly GroupLag[];
  /** How many payments somebody has to see to, by what came of them, shown among the figures. Default: nobody watches. */
  readonly watchedPayments?: () => ReadonlyMap<string, number>;
  /** Whether the process may get requests. Asked at every look at `/health/ready`. */
  readonly readiness: () => Promise<Readiness>;
  /** What `POST /schedulers/{job}/run` can run, by name. Default: nothing. */
  readonly jobs?: Readonly<Record<string, Job>>;
  /** The front door of these, `runOnce` of `@org/application`. */
  readonly runOnce: Service['runOnce'];
  /** Told of every new job that makes codes. Default: nobody; somebody has to advance the jobs. */
  readonly codeJobStarted?: (jobId: string) => void;
  /** The events of the service as an AsyncAPI document, for `/asyncapi.json`. Default: no such endpoint. */
  readonly asyncApi?: object;
}

export interface HttpServer {
  /** Not listening yet. */
  readonly server: Server;
  /** Drains and ends; see `shutdown`. */
  close(): Promise<void>;
}

/** The figures of other parts of the process, beside those of this one. */
function showParts(metrics: Registry, options: HttpServerOptions): void {
  const { breakers = [], consumers, watchedPayments, showBus: isBusShown, deadLetters } = options;
  showCircuits(metrics, breakers);
  if (consumers) showConsumers(metrics, consumers);
  if (watchedPayments) showPayments(metrics, watchedPayments);
  if (isBusShown) showBus(metrics, () => deadLetters.figures());
}

/** The HTTP API over all areas, ready to listen. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const settings = settingsOf(options.config);
  const { logger, metrics = newRegistry() } = options;
  const counters = countersIn(metrics, settings);
  showParts(metrics, options);
  const server = createServer(serverOptions(settings));
  const connections = new Connections(server);
  const authenticate = authenticator(settings.jwt);
  const listeners = new Listeners(settings);
  const service: Service = {
    promotions: options.promotions,
    accounts: options.accounts,
    tokens: accessTokens(settings.jwt, authenticate),
    queries: options.queries,
    catalogue: options.catalogue,
    catalogueQueries: options.catalogueQueries,
    orders: options.orders,
    orderQueries: options.orderQueries,
    points: options.points,
    pointQueries: options.pointQueries,
    deadLetters: options.deadLetters,
    push: options.push,
    listeners,
    pushCounters: pushCountersIn(metrics),
    maxPushBuffer: settings.maxPushBuffer,
    jobs: options.jobs ?? {},
    runOnce: options.runOnce,
    readiness: options.readiness,
    codeJobStarted: options.codeJobStarted ?? (() => {}),
    counters,
    isDraining: () => connections.isDraining,
    metricsToken: settings.metricsToken,
    asyncApi: options.asyncApi ?? null,
  };
  const gate: Gate = {
    authenticate,
    redeem: redeemer(options.push),
    perUser: rateLimit(settings.rateLimitPerUser),
    perAddress: rateLimit(settings.rateLimitPerAddress),
    maxBody: settings.maxBody,
    maxLargeBody: settings.maxLargeBody,
    responder: responder({ logger, counters, isLast: call => connections.isLast(call) }),
  };
  const routes = routesOf(service, options.offer);
  const app = expressApp(routes.all, gate);
  const hot = hotRoutes(settings.hotRoutes ? routes.all : []);
  const addressOf = addressReader(settings.trustProxy);

  function begin(request: IncomingMessage, response: ServerResponse): Call {
    const { 'x-request-id': id, traceparent } = request.headers;
    const trace = traceOf(typeof traceparent === 'string' ? traceparent : undefined);
    const requestId = requestIdOf(typeof id === 'string' ? id : undefined);
    const address = addressOf(request);
    const call = new Call(request, response, address, requestId, trace.traceId, trace.traceparent, performance.now());
    counters.begin();
    connections.begin(call);
    return call;
  }

  function handle(request: IncomingMessage, response: ServerResponse) {
    const call = begin(request, response);
    // The same steps as for every other endpoint, without the framework around them.
    const found = hot(request);
    if (found) {
      void serve(gate, found.route, call, found.params);
      return;
    }
    remember(call);
    app(request as Request, response as Response, (error: unknown) =>
      gate.responder.send(call, failureOf(call, error)),
    );
  }

  server.on('request', (request, response) => connections.inTurn(request.socket, () => handle(request, response)));
  const { webSocket } = routes;
  if (webSocket) acceptUpgrades(server, begin, call => void serve(gate, webSocket, call, {}));
  server.on('clientError', (error, socket) => answerBroken(error, socket as never));
  return { server, close: shutdown(server, connections, settings, () => listeners.drain()) };
}

/** How often Node looks for clients that are too slow. */
const LEAST_CHECK = 50;

const serverOptions = ({ headersTimeout, requestTimeout, keepAliveTimeout, maxHead }: Settings) => ({
  headersTimeout,
  requestTimeout,
  keepAliveTimeout,
  maxHeaderSize: maxHead,
  connectionsCheckingInterval: Math.max(LEAST_CHECK, Math.min(1_000, headersTimeout / 4, requestTimeout / 4)),
});
