import { createHash, timingSafeEqual } from 'node:crypto';
import type { Outcome } from '@org/application';
import { through } from '../idempotency.js';
import { challenge, Problem } from '../problem.js';
import { json } from '../reply.js';
import { type Ask, type Route, route } from '../route.js';
import type { Readiness, Service } from '../service.js';
import { health, healthBody, jobReport, reportBody } from '../views/operation-views.js';

const area = 'Operations';
const PATIENCE = 5_000;

const up = healthBody({ ready: true });

/** A check that does not answer is a check that failed. */
async function ask(readiness: () => Promise<Readiness>): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>(resolve => {
    timer = setTimeout(() => resolve({ ready: false, checks: { readiness: 'no answer' } }), PATIENCE);
  });
  try {
    return await Promise.race([readiness(), late]);
  } catch {
    return { ready: false };
  } finally {
    clearTimeout(timer);
  }
}

async function ready({ readiness, isDraining }: Service) {
  const found = isDraining() ? { ready: false, checks: { draining: true } } : await ask(readiness);
  const body = healthBody(found);
  return found.ready ? json(200, body) : json(503, body, ['Retry-After', '5']);
}

const checks = (service: Service): Route[] => [
  route({
    method: 'GET',
    path: '/health/live',
    name: 'live',
    area,
    summary: 'Whether the process runs.',
    roles: 'ANYBODY',
    answers: { 200: { description: 'It does.', shape: health, example: up } },
    handle: () => json(200, up),
  }),
  ...(['/health/ready', '/health'] as const).map(path =>
    route({
      method: 'GET',
      path,
      name: path === '/health' ? 'health' : 'ready',
      area,
      summary: 'Whether the process may get requests.',
      roles: 'ANYBODY',
      answers: {
        200: { description: 'It may.', shape: health, example: up },
        503: {
          description: 'It may not, now.',
          shape: health,
          example: { status: 'DOWN', checks: { database: 'DOWN' } },
        },
      },
      handle: () => ready(service),
    }),
  ),
];

const digest = (text: string) => createHash('sha256').update(text).digest();

function mayScrape({ call }: Ask, token: string | null): boolean {
  const given = call.request.headers.authorization ?? '';
  return token === null || timingSafeEqual(digest(given), digest(`Bearer ${token}`));
}

const metrics = ({ counters, metricsToken }: Service): Route =>
  route({
    method: 'GET',
    path: '/metrics',
    name: 'metrics',
    area,
    summary: 'Figures for Prometheus; for who has the token of the scraper, where one is set.',
    roles: 'ANYBODY',
    answers: { 200: { description: 'The text format of Prometheus.', type: 'text/plain' } },
    refusals: ['TOKEN_INVALID'],
    handle: async asked => {
      if (!mayScrape(asked, metricsToken)) return new Problem('TOKEN_INVALID', { headers: challenge() });
      return { status: 200, headers: [], type: counters.contentType, body: await counters.text() };
    },
  });

const runJob = ({ jobs, runOnce }: Service): Route =>
  route({
    method: 'POST',
    path: '/schedulers/{job}/run',
    name: 'runJob',
    area,
    summary: 'Run a scheduled job now, and wait for it.',
    roles: ['service', 'operator', 'admin'],
    keyed: true,
    params: { job: { form: 'ID', unknown: 'JOB_NOT_FOUND' } },
    answers: {
      200: { description: 'What it did.', shape: jobReport, example: { job: 'reservation-timeout', expired: 12 } },
    },
    refusals: ['JOB_NOT_FOUND'],
    handle: async asked => {
      const { job = '' } = asked.params;
      const run = Object.hasOwn(jobs, job) ? jobs[job] : undefined;
      if (!run) return new Problem('JOB_NOT_FOUND', { data: { job } });
      const work = async (): Promise<Outcome<object>> => ({ accepted: true, value: await run() });
      return through(asked, runOnce, work, report => json(200, reportBody(job, report)));
    },
  });

export const operationRoutes = (service: Service): Route[] => [runJob(service), ...checks(service), metrics(service)];
