import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aServer } from '../http.fixtures.js';

const page = readFileSync(join(import.meta.dirname, '../../../../../docs/http-api.md'), 'utf8');
/** The areas that the page is about; the others are on `/docs` alone. */
const areas = ['Coupon policies', 'Coupons', 'Reservations', 'Orders', 'Payments', 'Points', 'Push', 'Operations'];

type Paths = Readonly<Record<string, Readonly<Record<string, { readonly tags?: readonly string[] }>>>>;

/** `/pause` beside a path that ends in `/activate` is named by its last step. */
const isNamed = (path: string) => page.includes(`${path}\``) || page.includes(`\`/${path.split('/').at(-1)}\``);

describe('docs/http-api.md', () => {
  let paths: Paths;
  beforeAll(async () => {
    const server = await aServer();
    paths = (await server.get('/openapi.json')).json.paths as Paths;
    await server.close();
  });

  it('names every endpoint of its areas', () => {
    const own = Object.keys(paths).filter(path =>
      Object.values(paths[path] ?? {}).some(({ tags = [] }) => areas.some(area => tags.includes(area))),
    );
    expect(own.length).toBeGreaterThan(30);
    expect(own.filter(path => !isNamed(path))).toEqual([]);
  });

  it('names nothing that is not there', () => {
    const named = [...page.matchAll(/`(?:GET |POST |PUT )?(\/(?:api|schedulers|health|metrics)[^`?\s]*)`/g)];
    expect(named.map(([, path = '']) => path).filter(path => !(path in paths))).toEqual([]);
  });
});
