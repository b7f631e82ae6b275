/** Which segments (VIP, STAFF …) a user belongs to, by the shop's own book: never what a client says of itself. */
export interface CustomerSegments {
  segmentsOf(userId: string): Promise<readonly string[]>;
}

/** For shops without segments. */
export const noCustomerSegments: CustomerSegments = { segmentsOf: async () => [] };
