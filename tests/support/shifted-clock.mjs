// Preloaded into a process (NODE_OPTIONS=--import), this puts its clock so many milliseconds forward, or back.
// Timers go on as they are: it is the time of day that is wrong.
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
const clock = globalThis.Date;
const now = () => clock.now() + shift;

globalThis.Date = new Proxy(clock, {
  construct: (target, values, made) => Reflect.construct(target, values.length === 0 ? [now()] : values, made),
  apply: target => new target(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
