import { Field } from './fields.js';
import { callerId, instant, text, whole } from './kinds.js';

const optional = { optional: true };
const key = { description: 'The name of this movement, unique per user and kind: the same again is done once.' };
/** Whatever a shop gives or takes at once; sums stay exact. */
const amount = whole(1, 1_000_000_000_000);

export class EarnPointsDto {
  @Field(callerId) readonly userId!: string;
  @Field(amount) readonly points!: number;
  @Field(callerId, key) readonly key!: string;
  @Field(text(0, 500), optional) readonly reason?: string | null;
  @Field(instant, { ...optional, description: 'Null = never.' }) readonly expiresAt?: string | null;
  @Field(instant, { ...optional, description: 'Pending until then; null = at once.' }) readonly availableAt?:
    | string
    | null;
  @Field(callerId, optional) readonly orderNumber?: string | null;
}

export class CancelPointsDto {
  @Field(callerId, { ...optional, description: 'Whose points they must be; null = anybody’s.' }) readonly userId?:
    | string
    | null;
  @Field(text(0, 500), optional) readonly reason?: string | null;
}

export class UsePointsDto {
  @Field(callerId) readonly userId!: string;
  @Field(amount) readonly points!: number;
  @Field(callerId) readonly orderNumber!: string;
  @Field(callerId, key) readonly key!: string;
}
