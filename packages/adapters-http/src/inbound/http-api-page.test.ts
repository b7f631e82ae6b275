import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aServer } from './http.fixtures.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/http-api.md'), 'utf8');
const documents = ['/', '/docs', '/openapi.json'];

describe('docs/http-api.md', () => {
  it('names every endpoint and nothing else', async () => {
    const server = await aServer();
    const { json } = await server.get('/openapi.json');
    await server.close();
    const paths = Object.keys(json.paths as object);
    const named = [...page.matchAll(/`(?:GET |POST |PUT )?(\/(?:api|schedulers|health|metrics)[^`?\s]*)`/g)].map(
      ([, path = '']) => path,
    );
    const moves = ['pause', 'end'].map(verb => `/api/v3/coupon-policies/{policyId}/${verb}`);
    expect([...new Set([...named, ...moves, ...documents])].sort()).toEqual(paths.sort());
  });
});
