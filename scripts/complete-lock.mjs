// A registry mirror that lacks the builds of other platforms makes npm leave them out of the lock file, and `npm ci`
// refuses a lock file that lacks them. This adds what the locked packages name and the file lacks, as npm would.
import { readFileSync, writeFileSync } from 'node:fs';

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

function entryOf(name, version, dev) {
  const words = name.split(/[-/]/).map(word => (word === 'windows' ? 'win32' : word));
  const os = systems.find(system => words.includes(system));
  const cpu = processors.find(processor => words.includes(processor));
  if (!os || !cpu) throw new Error(`which platform is ${name} for?`);
  const musl = words.some(word => word.startsWith('musl'));
  const libc = os === 'linux' ? { libc: [musl ? 'musl' : 'glibc'] } : {};
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...libc, optional: true, os: [os] };
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
let added = 0;
for (const { optionalDependencies = {}, dev } of Object.values({ ...lock.packages }))
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    if (lock.packages[path] || !/^\d/.test(version)) continue;
    lock.packages[path] = entryOf(name, version, dev);
    added++;
  }
const { '': root, ...rest } = lock.packages;
const sorted = Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(
  'package-lock.json',
  `${JSON.stringify({ ...lock, packages: { '': root, ...Object.fromEntries(sorted) } }, null, 2)}\n`,
);
console.log(`${added} packages of other platforms added to package-lock.json`);
