// Whether the service in this container may get requests: exit code 0 = it may. An image of Node has no curl.
const { PORT = '3000' } = process.env;
const patience = AbortSignal.timeout(4_000);

const ok = await fetch(`http://127.0.0.1:${PORT}/health/ready`, { signal: patience }).then(
  answer => answer.ok,
  () => false,
);
process.exit(ok ? 0 : 1);
