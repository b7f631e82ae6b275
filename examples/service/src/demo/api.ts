/** The few calls of an operator that the demonstration makes. */
export class OperatorApi {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  async call(method: 'GET' | 'POST', path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok) return answer;
    const hint = response.status === 401 ? ': it has another DATA_DIR or JWT_SECRET than this command' : '';
    throw new Error(`${method} ${this.url}${path} answered ${response.status} ${answer.code ?? ''}${hint}`);
  }

  async activePolicy(name: string, total: number): Promise<string> {
    const { id } = await this.call('POST', '/api/v3/coupon-policies', {
      name,
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 3000 },
      limits: { total, perUser: 1 },
      issuance: ['FIRST_COME'],
    });
    await this.call('POST', `/api/v3/coupon-policies/${id}/activate`);
    return String(id);
  }
}

/** Whether our service answers at this URL. */
export const answersAt = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    response => response.ok,
    () => false,
  );
