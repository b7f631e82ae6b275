import { readRedisAddress } from './address.js';

describe('the URL of a Redis', () => {
  it.each([
    ['redis://shop', { kind: 'STANDALONE', tls: false, host: 'shop', port: 6_379, db: 0 }],
    ['redis://127.0.0.1:7000/3', { kind: 'STANDALONE', tls: false, host: '127.0.0.1', port: 7_000, db: 3 }],
    ['redis://[::1]:7000', { kind: 'STANDALONE', tls: false, host: '::1', port: 7_000, db: 0 }],
    [
      'rediss://ann:p%40s:s@shop',
      { kind: 'STANDALONE', tls: true, username: 'ann', password: 'p@s:s', host: 'shop', port: 6_379, db: 0 },
    ],
    ['redis://:secret@shop', { kind: 'STANDALONE', tls: false, password: 'secret', host: 'shop', port: 6_379, db: 0 }],
    [
      'redis+sentinel://:secret@a,b:7001/shop/2',
      {
        ...{ kind: 'SENTINEL', tls: false, password: 'secret', name: 'shop', db: 2 },
        nodes: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 7_001 },
        ],
      },
    ],
    [
      'rediss+cluster://a:7000,b',
      {
        ...{ kind: 'CLUSTER', tls: true },
        nodes: [
          { host: 'a', port: 7_000 },
          { host: 'b', port: 6_379 },
        ],
      },
    ],
  ])('%s is understood', (url, address) => expect(readRedisAddress(url)).toEqual(address));

  it.each([
    '',
    'shop:6379',
    'http://shop',
    'redis://',
    'redis://a,b',
    'redis://shop/first',
    'redis://shop/0/1',
    'redis+sentinel://a,b',
    'redis+sentinel://a/shop/first',
    'redis+cluster://a/0',
    'redis+other://a',
    'redis://sh op',
  ])('%s is none', url => expect(readRedisAddress(url)).toBeNull());
});
