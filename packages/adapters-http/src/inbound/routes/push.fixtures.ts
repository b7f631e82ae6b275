import { type Asked, type Refused, SseClient, WebSocketClient } from '../../../../../tests/support/push-clients.js';
import { aServer, shopper, type TestServer } from '../http.fixtures.js';

export const transports = [
  ['SSE', SseClient],
  ['WebSocket', WebSocketClient],
] as const;
export type Kind = (typeof transports)[number][1];

export let server: TestServer;
export const open = new Set<SseClient | WebSocketClient>();
export const connect = async (kind: Kind, asked: Asked) => {
  const client = await kind.connect(server.port, asked);
  open.add(client);
  return client;
};
export const refusal = (kind: Kind, asked: Asked) =>
  kind.connect(server.port, asked).then(
    () => Promise.reject(new Error('was let in')),
    (error: Refused) => error,
  );
export const start = async (config: Parameters<typeof aServer>[0] = {}) => {
  server = await aServer(config);
};
afterEach(async () => {
  for (const client of open) client.hangUp();
  open.clear();
  await server?.close();
});

export async function aTicket(token = shopper()) {
  const { json, headers } = await server.post('/api/v1/events/tickets', { token });
  expect(headers.get('location')).toBe('/api/v1/events');
  return json;
}
export const issue = async (policyId: string, user = 'ann') =>
  server.post('/api/v1/coupons/issue', { token: shopper(user), body: { policyId } });
