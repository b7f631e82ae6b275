import { setFlagsFromString } from 'node:v8';

/**
 * Left alone, the collector lets the heap grow to several times of what lives in it before it looks, on a machine with
 * much memory. Half as much again keeps a process that serves a rush below 250 MB.
 */
export const keepHeapSmall = (growthPercent = 50): void =>
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
