import { postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import { createPromotions } from '@org/application';

// Makes codes by the job that the service and its command run.
const [policyId, count] = [process.env.POLICY ?? '', Number(process.env.COUNT)];
const dataSource = await postgresDataSource({ url: process.env.DATABASE_URL ?? '' }).initialize();
const promotions = createPromotions(postgresAdapters(dataSource));

console.log('ready');
const began = performance.now();
const started = await promotions.startCodeJob({ input: { policyId, count, spec: { length: 12 } } });
if (started.kind !== 'DONE' || !started.result.accepted) throw new Error(JSON.stringify(started));
let job = started.result.value;
while (job.status === 'RUNNING') job = (await promotions.advanceCodeJob(job.jobId, 10_000)) ?? job;
const seconds = (performance.now() - began) / 1_000;
console.log(JSON.stringify({ made: job.created, seconds, peak: process.resourceUsage().maxRSS / 1024 }));
await dataSource.destroy();
