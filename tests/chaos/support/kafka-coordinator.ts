import kafkajs from 'kafkajs';

/** The address of the broker that keeps a group: its name decides, by the hash of Java. */
export async function coordinatorOf(addresses: readonly string[], group: string): Promise<string> {
  let hash = 0;
  for (let i = 0; i < group.length; i++) hash = (Math.imul(hash, 31) + group.charCodeAt(i)) | 0;
  const admin = new kafkajs.Kafka({ brokers: [...addresses], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics: found } = await admin.fetchTopicMetadata({ topics: ['__consumer_offsets'] });
  const { brokers } = await admin.describeCluster();
  await admin.disconnect();
  const partitions = found[0]?.partitions ?? [];
  const leader = partitions.find(({ partitionId }) => partitionId === (hash & 0x7fffffff) % partitions.length)?.leader;
  const { host, port } = brokers.find(({ nodeId }) => nodeId === leader) ?? { host: '', port: 0 };
  return `${host}:${port}`;
}
