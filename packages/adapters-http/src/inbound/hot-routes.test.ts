import type { IncomingMessage } from 'node:http';
import { hotRoutes } from './hot-routes.js';
import { routesOf } from './routes.js';
import type { Service } from './service.js';

const found = hotRoutes(routesOf({} as Service).all);
const asked = (method: string, url: string) => {
  const { route, params } = found({ method, url } as IncomingMessage) ?? {};
  return route ? [route.name, params] : null;
};

describe('the hot endpoints', () => {
  it.each([
    ['/api/v1/coupons/issue', 'issueCoupon', {}],
    ['/api/v1/coupons/download', 'downloadCoupon', {}],
    ['/api/v1/coupons/reserve', 'reserveCoupon', {}],
    ['/api/v1/coupons/reservations/r-1/confirm', 'confirmReservation', { reservationId: 'r-1' }],
    ['/api/v1/coupons/reservations/a.b_c~d:e/release', 'releaseReservation', { reservationId: 'a.b_c~d:e' }],
  ])('are found at POST %s', (url, name, params) => {
    expect(asked('POST', url)).toEqual([name, params]);
  });

  it.each([
    ['GET', '/api/v1/coupons/issue'],
    ['HEAD', '/api/v1/coupons/issue'],
    ['POST', '/api/v1/coupons/issue/'],
    ['POST', '/api/v1/coupons/issue?a=1'],
    ['POST', '/API/v1/coupons/issue'],
    ['POST', '/api/v1/coupons/is%73ue'],
    ['POST', '//api/v1/coupons/issue'],
    ['POST', 'http://here/api/v1/coupons/issue'],
    ['POST', '/api/v1/coupons/redeem'],
    ['GET', '/api/v1/coupons/reservations/r-1/confirm'],
    ['POST', '/api/v1/coupons/reservations/r%2D1/confirm'],
    ['POST', '/api/v1/coupons/reservations/r-1/confirm#a'],
    ['POST', '/api/v1/coupons/reservations/r;1/confirm'],
    ['POST', '/api/v1/coupons/reservations//confirm'],
    ['POST', '/api/v1/coupons/reservations/r-1/confirmed'],
    ['POST', '/api/v1/coupons/reservations/r-1/confirm\n'],
    ['GET', '/api/v1/coupons/01990000-0000-7000-8000-00000000ffff'],
    ['POST', ''],
  ])('are left to the router at %s %s', (method, url) => {
    expect(asked(method, url)).toBeNull();
  });
});
