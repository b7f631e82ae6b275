/** What the names of holds begin with that orders make. Callers' ids have no slash, so nobody else can have made one. */
export const OF_AN_ORDER = 'order/';

/** Whether an order made the hold of this id itself. Whoever reserves for himself names any order that he likes. */
export const isOfAnOrder = (holdId: string): boolean => holdId.startsWith(OF_AN_ORDER);
