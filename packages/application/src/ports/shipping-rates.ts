export interface Shipment {
  readonly userId: string;
  readonly channel: string | null;
  readonly lines: readonly { readonly productId: string; readonly optionId: string; readonly quantity: number }[];
}

/** What it costs to ship an order, before any coupon. Asked once, when the order is placed. */
export interface ShippingRates {
  /** Minor units of the currency that the lines are priced in, 0 or more. */
  rateFor(shipment: Shipment): Promise<number>;
}

/** The same fee for every order, minor units. */
export const flatShippingRates = (fee: number): ShippingRates => ({ rateFor: async () => fee });
