/** Order on the way out is kept within one of these. */
export const VIRTUAL_PARTITIONS = 64;

/** FNV-1a over UTF-16 units: the same key always comes to the same virtual partition, whatever made it. */
export function virtualPartitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % VIRTUAL_PARTITIONS;
}
