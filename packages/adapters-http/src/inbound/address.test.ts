import type { IncomingMessage } from 'node:http';
import { addressReader } from './address.js';

const from = (peer: string, forwarded?: string) =>
  ({ socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

describe('the address of a client', () => {
  it.each<[string, string[], string, string | undefined, string]>([
    ['the peer, without proxies', [], '1.1.1.1', '2.2.2.2', '1.1.1.1'],
    ['what a proxy says', ['10.0.0.1'], '10.0.0.1', '2.2.2.2', '2.2.2.2'],
    ['the last hop that is no proxy', ['10.0.0.0/8'], '10.0.0.1', '6.6.6.6, 2.2.2.2, 10.3.3.3', '2.2.2.2'],
    ['the peer, if it is no proxy', ['10.0.0.0/8'], '1.1.1.1', '2.2.2.2', '1.1.1.1'],
    ['the proxy, if it says nothing', ['10.0.0.0/8'], '10.0.0.1', undefined, '10.0.0.1'],
    ['the proxy, if it says nonsense', ['10.0.0.0/8'], '10.0.0.1', 'unknown', '10.0.0.1'],
    ['IPv4 in the clothes of IPv6', ['10.0.0.0/8'], '::ffff:10.0.0.1', '::ffff:2.2.2.2', '2.2.2.2'],
    ['IPv6', ['fd00::/8'], 'fd00::1', '2001:db8::1', '2001:db8::1'],
  ])('is %s', (_, trusted, peer, forwarded, address) =>
    expect(addressReader(trusted)(from(peer, forwarded))).toBe(address),
  );

  it.each(['proxy', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/8/8', ''])('is not read with the range %j', range =>
    expect(() => addressReader([range])).toThrow(RangeError),
  );
});
