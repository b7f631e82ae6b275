import type { FeedCursor, UserEvent } from '@org/application';
import { openCursor, sealCursor } from '../dto/query.js';
import { resultBody } from '../views/coupon-views.js';
import { statusBody } from '../views/order-views.js';

/** What goes out for one event, whatever carries it (orders rule 22). */
export interface Frame {
  readonly id: string;
  readonly event: UserEvent['event'];
  readonly data: object;
}

const LIST = 'push';

/** A cursor as clients know it: one that was never given out is told from a good one. */
export const idOf = (cursor: FeedCursor): string => sealCursor(LIST, cursor) ?? '';
export const cursorOf = (id: string): FeedCursor | null => openCursor(LIST, id);

const dataOf = (told: UserEvent) =>
  told.event === 'order.status'
    ? statusBody(told.order)
    : { ...(told.requestId !== null && { requestId: told.requestId }), ...resultBody(told) };

export const frameOf = (told: UserEvent): Frame => ({ id: idOf(told.cursor), event: told.event, data: dataOf(told) });
