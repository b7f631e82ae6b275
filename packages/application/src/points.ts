import type { PointsDebt } from '@org/domain';
import type { Adapters } from './adapters.js';
import { type Door, door } from './use-case.js';
import { movePoints, type PointInput, type PointsMoved } from './use-cases/points/move-points.js';
import { settlePoints } from './use-cases/points/settle-points.js';

export interface PointsOptions {
  /** What becomes of an earning that is taken back when its points are gone. Default `ALLOWED`: it is owed. */
  readonly debt?: PointsDebt;
}

/** The whole area of points behind its front doors: what an inbound adapter calls. */
export interface Points {
  readonly move: Door<PointInput, PointsMoved>;
  readonly settleOverdue: ReturnType<typeof settlePoints>;
}

/** Movements that come together share a transaction; two batches at a time keep the disk and the processor busy. */
const together = { together: true, maxBatch: 500, concurrency: 2 } as const;

export function createPoints(adapters: Adapters, { debt = 'ALLOWED' }: PointsOptions = {}): Points {
  return {
    move: door(adapters, movePoints(adapters, { debt }), together),
    settleOverdue: settlePoints(adapters),
  };
}
