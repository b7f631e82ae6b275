import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../tokens.js';

/** Makes the token of somebody. */
export type Signer = (sub: string, role: Role) => string;

export type Method = 'GET' | 'POST' | 'PUT';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const PATIENCE_MS = 60_000;
const isBusy = ({ status, body }: Answer) => status === 503 || body.code === 'IDEMPOTENCY_KEY_IN_FLIGHT';

/** Somebody who calls the service. */
export class Client {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  async ask(
    method: Method,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json().catch(() => ({}))) as Answer['body'] };
  }

  /** @throws Error unless it was answered 2xx */
  async call(method: Method, path: string, body?: object): Promise<Answer['body']> {
    return this.wanted(`${method} ${path}`, await this.ask(method, path, body));
  }

  /**
   * The same POST again, under its key, until there is an answer: a connection may break, and a service may be busy.
   * @throws Error unless it was answered 2xx
   */
  async insist(path: string, key: string, body: object): Promise<Answer['body']> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.ask('POST', path, body, { 'idempotency-key': key }).catch((error: Error) => error);
      const isOver = Date.now() > until;
      if (answer instanceof Error && isOver) throw answer;
      if (!(answer instanceof Error) && (isOver || !isBusy(answer))) return this.wanted(`POST ${path}`, answer);
      await sleep(50);
    }
  }

  private wanted(asked: string, { status, body }: Answer): Answer['body'] {
    if (status >= 200 && status < 300) return body;
    const hint = status === 401 ? ': it has another DATA_DIR or JWT_SECRET than this command' : '';
    throw new Error(`${asked} at ${this.url} was answered ${status} ${body.code ?? ''}${hint}`);
  }
}

/** The few calls of an operator that the demonstration makes. */
export class OperatorApi extends Client {
  async activePolicy(name: string, limits: { readonly total: number; readonly perUser: number }): Promise<string> {
    const { id } = await this.call('POST', '/api/v3/coupon-policies', {
      name,
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 3000 },
      limits,
      issuance: ['FIRST_COME'],
    });
    await this.call('POST', `/api/v3/coupon-policies/${id}/activate`);
    return String(id);
  }

  /** A product with one option, of which so many are there. */
  async product(productId: string, amount: number, quantity: number): Promise<void> {
    const options = [{ optionId: OPTION, price: { amount, currency: 'KRW' } }];
    await this.call('PUT', `/api/v1/products/${productId}`, { name: productId, kind: 'GOODS', options });
    await this.call('PUT', `/api/v1/products/${productId}/options/${OPTION}/stock`, { quantity });
  }
}

/** The option that every product of the demonstration has. */
export const OPTION = 'one';

/** Whether our service answers at this URL. */
export const answersAt = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    response => response.ok,
    () => false,
  );
