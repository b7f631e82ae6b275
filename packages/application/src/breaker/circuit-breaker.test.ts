import { ManualClock } from '../memory/manual-clock.js';
import { ManualStopwatch } from '../memory/manual-stopwatch.js';
import { circuitSettings } from './circuit.js';
import { CircuitBreaker, CircuitOpenError, guarded } from './circuit-breaker.js';

const broken = new Error('no connection');

function aBreaker(settings: (typeof circuitSettings)[keyof typeof circuitSettings] = circuitSettings.careful) {
  const clock = new ManualClock();
  const changes: string[] = [];
  const breaker = new CircuitBreaker({
    ...settings,
    ...{ name: 'redis', stopwatch: new ManualStopwatch(clock), changed: (status: string) => changes.push(status) },
  });
  let asked = 0;
  /** Answers `yes`, `fault` or `closed off`. */
  const call = (works: boolean) =>
    guarded(
      breaker,
      async () => {
        asked++;
        if (!works) throw broken;
        return 'yes';
      },
      why => (why === broken ? 'fault' : why instanceof CircuitOpenError ? 'closed off' : 'what'),
    );
  const calls = async (pattern: string) => {
    for (const each of pattern) await call(each === '.');
    return breaker.status;
  };
  return { breaker, clock, changes, call, calls, asked: () => asked };
}

describe('a breaker', () => {
  it.each([
    ['careful', 'xxxxxxxxx', 'CLOSED'],
    ['careful', 'xxxxxxxxxx', 'OPEN'],
    ['careful', '.....xxxx.', 'CLOSED'],
    ['careful', '.....xxxxx', 'OPEN'],
    ['careful', 'xxxx......', 'CLOSED'],
    ['careful', 'xxxx......xxxx', 'CLOSED'],
    ['careful', 'xxxx......xxxxx', 'OPEN'],
    ['patient', '....xxxx', 'CLOSED'],
    ['patient', '...xxxxx', 'OPEN'],
    ['patient', 'xxxxxxx', 'CLOSED'],
  ] as const)('of the %s kind is after %s %s', async (kind, pattern, status) => {
    expect(await aBreaker(circuitSettings[kind]).calls(pattern)).toBe(status);
  });

  it.each([
    ['careful', 30_000],
    ['patient', 20_000],
  ] as const)(
    'of the %s kind lets nobody through for %i ms, and asks nothing of the dependency',
    async (kind, openMs) => {
      const { clock, call, calls, asked } = aBreaker(circuitSettings[kind]);
      await calls('xxxxxxxxxx');
      const before = asked();
      clock.advance(openMs - 1);
      expect([await call(true), asked()]).toEqual(['closed off', before]);
      clock.advance(1);
      expect([await call(true), asked()]).toEqual(['yes', before + 1]);
    },
  );

  it('tells how long there is to wait', async () => {
    const { breaker, clock, calls } = aBreaker();
    await calls('xxxxxxxxxx');
    clock.advance(12_000);
    expect(() => breaker.enter()).toThrow(expect.objectContaining({ code: 'CIRCUIT_OPEN', retryAfterMs: 18_000 }));
  });

  it('closes when three who tried came back well, and begins to count anew', async () => {
    const { clock, calls, changes } = aBreaker();
    await calls('xxxxxxxxxx');
    clock.advance(30_000);
    expect(await calls('..')).toBe('HALF_OPEN');
    expect(await calls('.')).toBe('CLOSED');
    expect(await calls('xxxxxxxxx')).toBe('CLOSED');
    expect(await calls('x')).toBe('OPEN');
    expect(changes).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED', 'OPEN']);
  });

  it('opens for as long again when one who tried fails', async () => {
    const { clock, calls, call } = aBreaker();
    await calls('xxxxxxxxxx');
    clock.advance(30_000);
    expect(await calls('.x')).toBe('OPEN');
    clock.advance(29_999);
    expect(await call(true)).toBe('closed off');
    clock.advance(1);
    expect(await calls('...')).toBe('CLOSED');
  });

  it('lets three try and no more, until they are back or lost', async () => {
    const { breaker, clock, calls } = aBreaker();
    await calls('xxxxxxxxxx');
    clock.advance(30_000);
    const trying = [breaker.enter(), breaker.enter(), breaker.enter()];
    expect(() => breaker.enter()).toThrow(CircuitOpenError);
    for (const leave of trying.slice(1)) leave(false);
    expect(() => breaker.enter()).toThrow(expect.objectContaining({ retryAfterMs: 30_000 }));
    clock.advance(30_000);
    // The first one has been away too long: it is not waited for, and not heard when it comes.
    const next = [breaker.enter(), breaker.enter(), breaker.enter()];
    trying[0]?.(true);
    for (const leave of next) leave(false);
    expect(breaker.status).toBe('CLOSED');
  });

  it('learns nothing from calls that began before the last change', async () => {
    const { breaker, clock, calls } = aBreaker();
    const slow = Array.from({ length: 12 }, () => breaker.enter());
    await calls('xxxxxxxxxx');
    for (const leave of slow.slice(0, 4)) leave(false);
    expect(breaker.status).toBe('OPEN');
    clock.advance(30_000);
    await calls('.');
    for (const leave of slow.slice(4, 8)) leave(false);
    expect(breaker.status).toBe('HALF_OPEN');
    slow[8]?.(true);
    expect(breaker.status).toBe('HALF_OPEN');
    await calls('..');
    for (const leave of slow.slice(8)) leave(true);
    expect(await calls('xxxxxxxxx')).toBe('CLOSED');
  });

  it('counts what became of every call', async () => {
    const { breaker, calls } = aBreaker();
    await calls('..xxxxxxxx...');
    expect(breaker.figures).toEqual({ status: 'OPEN', succeeded: 2, failed: 8, rejected: 3 });
    const leave = aBreaker().breaker;
    const once = leave.enter();
    once(false);
    once(true);
    expect(leave.figures).toEqual({ status: 'CLOSED', succeeded: 1, failed: 0, rejected: 0 });
  });
});

describe('a guarded call', () => {
  it('counts an error that is no fault of the dependency as its answer, and throws it', async () => {
    const { breaker } = aBreaker();
    const refused = new RangeError('not so');
    const call = () =>
      guarded(...([breaker, () => Promise.reject(refused), () => 'fallback'] as const), {
        isFault: error => error !== refused,
      });
    for (let i = 0; i < 20; i++) await expect(call()).rejects.toBe(refused);
    expect(breaker.figures).toMatchObject({ status: 'CLOSED', succeeded: 20, failed: 0 });
  });

  it('takes an error that is thrown before anything is waited for as any other', async () => {
    const { breaker } = aBreaker();
    const call = () =>
      guarded(
        breaker,
        () => {
          throw broken;
        },
        () => 'fallback',
      );
    for (let i = 0; i < 10; i++) expect(await call()).toBe('fallback');
    expect(breaker.status).toBe('OPEN');
  });

  it('throws what its fallback throws, and counts the fault once', async () => {
    const { breaker } = aBreaker();
    const call = guarded(
      breaker,
      () => Promise.reject(broken),
      why => Promise.reject(why),
    );
    await expect(call).rejects.toBe(broken);
    expect(breaker.figures).toMatchObject({ succeeded: 0, failed: 1 });
  });
});
