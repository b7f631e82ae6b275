import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

const plain = (address: string) =>
  address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits, ...more] = range.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    const largest = family === 'ipv4' ? 32 : 128;
    const length = bits === undefined ? largest : Number(bits);
    if (
      isIP(address) === 0 ||
      more.length > 0 ||
      bits === '' ||
      !Number.isInteger(length) ||
      length < 0 ||
      length > largest
    )
      throw new RangeError(`trustProxy: ${range} is neither an address nor a CIDR range`);
    list.addSubnet(address, length, family);
  }
  return list;
}

/**
 * Tells from which address a request comes: the peer, or, behind proxies that are trusted, the last address of
 * `X-Forwarded-For` that is none of them. What an untrusted peer claims is ignored.
 */
export function addressReader(trusted: readonly string[]): (request: IncomingMessage) => string {
  const peer = (request: IncomingMessage) => plain(request.socket.remoteAddress ?? '');
  if (trusted.length === 0) return peer;
  const proxies = listOf(trusted);
  const isProxy = (address: string) => proxies.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  return request => {
    let address = peer(request);
    const forwarded = request.headers['x-forwarded-for'];
    if (typeof forwarded !== 'string') return address;
    for (const hop of forwarded.split(',').reverse()) {
      if (isIP(address) === 0 || !isProxy(address)) break;
      const next = plain(hop.trim());
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  };
}
