import { createServer } from 'node:http';
import { postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import { createPromotions } from '@org/application';

// The same group commit with nothing around it: no tokens, no JSON, no checks, no limits, no metrics.
const dataSource = await postgresDataSource({ url: process.env.DATABASE_URL ?? '' }).initialize();
const promotions = createPromotions(postgresAdapters(dataSource));
const origin = { actor: 'bench', traceparent: null };

createServer((request, response) => {
  const [, policyId = '', userId = ''] = (request.url ?? '').split('/');
  request.resume();
  promotions.issue({ input: { policyId, userId, way: 'FIRST_COME', code: null, cause: null, origin } }).then(
    answered => {
      const won = answered.kind === 'DONE' && answered.result.accepted;
      response.writeHead(won ? 201 : 409, { 'content-length': 2 }).end('ok');
    },
    () => response.writeHead(503, { 'content-length': 2 }).end('no'),
  );
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
