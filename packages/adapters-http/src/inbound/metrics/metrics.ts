import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is counted of the HTTP side. */
export interface Counters {
  /** One request is over. `code` = the code of its problem. */
  finished(method: string, route: string, status: number, seconds: number, code: string | null): void;
  issued(way: string): void;
  begin(): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** Node takes some thirty methods; those that no endpoint has share one label. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts into `registry`, which may hold the figures of other parts too. */
export function countersIn(registry: Registry, { processMetrics }: { readonly processMetrics: boolean }): Counters {
  const registers = [registry];
  if (processMetrics) collectDefaultMetrics({ register: registry });
  let inFlight = 0;
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route, method and status.',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers,
  });
  const issued = new Counter({
    name: 'coupons_issued_total',
    help: 'Coupons issued through this process, by way.',
    labelNames: ['way'],
    registers,
  });
  const refusals = new Counter({
    name: 'coupon_refusals_total',
    help: 'Requests that were answered with a problem, by its code.',
    labelNames: ['code'],
    registers,
  });
  const gauge: Gauge = new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests that are not answered yet.',
    registers,
    collect: () => gauge.set(inFlight),
  });
  const children = new Map<string, Histogram.Internal<string>>();
  const childOf = (method: string, route: string, status: number) => {
    const key = `${status} ${method} ${route}`;
    let child = children.get(key);
    if (!child) {
      child = durations.labels({ method, route, status });
      children.set(key, child);
    }
    return child;
  };
  return {
    begin: () => {
      inFlight++;
    },
    finished: (method, route, status, seconds, code) => {
      inFlight--;
      childOf(METHODS.has(method) ? method : 'OTHER', route, status).observe(seconds);
      if (code !== null) refusals.inc({ code });
    },
    issued: way => issued.inc({ way }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

export const newRegistry = (): Registry => new Registry();
