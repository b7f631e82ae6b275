import { Readable } from 'node:stream';
import type { CodeJob, CouponQueries } from '@org/application';
import { stringify } from 'csv-stringify';
import { codesExamples, jobId as exampleJob } from '../document/examples/coupon-examples.js';
import { CodesDto } from '../dto/coupon-dto.js';
import { sealCursor } from '../dto/query.js';
import { through } from '../idempotency.js';
import { Problem } from '../problem.js';
import { json, type Reply } from '../reply.js';
import { type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { codeBody, codeJob, codeJobBody, codePage, startedJob, startedJobBody } from '../views/policy-views.js';
import { editors, policyId } from './policies.js';

const area = 'Coupon policies';
const base = '/api/v3/coupon-policies/{policyId}/codes';
const noPolicy = (id: string) => new Problem('POLICY_NOT_FOUND', { data: { policyId: id } });

const start = ({ promotions, codeJobStarted }: Service): Route =>
  route<CodesDto>({
    method: 'POST',
    path: base,
    name: 'makeCodes',
    area,
    summary: 'Make unique codes for a policy, in the background.',
    roles: editors,
    keyed: true,
    params: { policyId },
    body: { of: CodesDto, examples: codesExamples },
    answers: {
      202: {
        description: 'The job; `Location` tells how far it is.',
        shape: startedJob,
        example: { jobId: exampleJob, count: 1000 },
      },
    },
    refusals: ['POLICY_NOT_FOUND', 'POLICY_WITHOUT_CODES', 'CODE_SPACE_INVALID', 'CODE_SPACE_TOO_SMALL'],
    handle: async ask => {
      const { count, ...spec } = ask.body;
      const { policyId: id = '' } = ask.params;
      const accepted = (job: CodeJob): Reply =>
        json(202, startedJobBody(job), ['Location', `/api/v3/coupon-policies/${id}/codes/jobs/${job.jobId}`]);
      const reply = await through(ask, promotions.startCodeJob, { policyId: id, count, spec }, accepted);
      if (!(reply instanceof Problem) && reply.status === 202) codeJobStarted(JSON.parse(String(reply.body)).jobId);
      return reply;
    },
  });

const progress = ({ queries }: Service): Route =>
  route({
    method: 'GET',
    path: `${base}/jobs/{jobId}`,
    name: 'codeJob',
    area,
    summary: 'How far a job is.',
    roles: editors,
    params: { policyId, jobId: { form: 'UUID', unknown: 'CODE_JOB_NOT_FOUND' } },
    answers: {
      200: {
        description: 'The job.',
        shape: codeJob,
        example: { jobId: exampleJob, status: 'RUNNING', created: 400, count: 1000 },
      },
    },
    refusals: ['CODE_JOB_NOT_FOUND'],
    handle: async ({ params }) => {
      const job = await queries.codeJob(params.jobId ?? '');
      if (!job || job.policyId !== params.policyId)
        return new Problem('CODE_JOB_NOT_FOUND', { data: { jobId: params.jobId } });
      return json(200, codeJobBody(job));
    },
  });

const list = ({ queries }: Service): Route =>
  route({
    method: 'GET',
    path: base,
    name: 'listCodes',
    area,
    summary: 'The codes of a policy, in the order in which they were made.',
    roles: editors,
    params: { policyId },
    query: { limit: 'limit', cursor: 'cursor' },
    answers: {
      200: {
        description: 'A page.',
        shape: codePage,
        example: { items: [{ code: 'SPRING-7K2M9', status: 'AVAILABLE' }], nextCursor: null },
      },
    },
    refusals: ['POLICY_NOT_FOUND'],
    handle: async ({ params: { policyId: id = '' }, query: { limit, cursor }, path }) => {
      const { items, nextCursor } = await queries.codes({ policyId: id, limit, cursor });
      if (items.length === 0 && !(await queries.policy(id))) return noPolicy(id);
      return json(200, { items: items.map(codeBody), nextCursor: sealCursor(path, nextCursor) });
    },
  });

const CSV_PAGE = 5000;

async function* allCodes(queries: CouponQueries, id: string): AsyncGenerator<[string, string]> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<CouponQueries['codes']>> = await queries.codes({
      policyId: id,
      limit: CSV_PAGE,
      cursor,
    });
    for (const { code, status } of page.items) yield [code, status];
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** Page by page: as much as the client takes, and never more than a page in memory. */
function csvOf(queries: CouponQueries, id: string): Readable {
  const lines = stringify({
    header: true,
    columns: ['code', 'status'],
    record_delimiter: '\r\n',
    escape_formulas: true,
  });
  const source = Readable.from(allCodes(queries, id));
  source.on('error', error => lines.destroy(error));
  lines.on('close', () => source.destroy());
  return source.pipe(lines);
}

const csv = ({ queries }: Service): Route =>
  route({
    method: 'GET',
    path: '/api/v3/coupon-policies/{policyId}/codes.csv',
    name: 'exportCodes',
    area,
    summary: 'All codes of a policy as a CSV file (RFC 4180).',
    roles: editors,
    params: { policyId },
    answers: {
      200: { description: 'code,status', type: 'text/csv', example: 'code,status\r\nSPRING-7K2M9,AVAILABLE\r\n' },
    },
    refusals: ['POLICY_NOT_FOUND'],
    handle: async ({ params: { policyId: id = '' } }) => {
      if (!(await queries.policy(id))) return noPolicy(id);
      const headers = ['Content-Disposition', `attachment; filename="codes-${id}.csv"`];
      return { status: 200, headers, type: 'text/csv; charset=utf-8; header=present', body: csvOf(queries, id) };
    },
  });

export const codeRoutes = (service: Service): Route[] => [
  start(service),
  progress(service),
  list(service),
  csv(service),
];
