import { LARGEST_COUNT, type PolicyDraft, parseInstant } from '@org/domain';
import { DiscountDto, discountClasses } from './discount-dto.js';
import { Field, ListOf, Nested, NestedByType } from './fields.js';
import { amount, callerId, count, currency, flag, hour, instant, judgedWhole, oneOf, text } from './kinds.js';

const optional = { optional: true };
const MOST_IDS = 10_000;

class SelectionDto {
  @ListOf(callerId, MOST_IDS, optional) readonly include?: readonly string[] | null;
  @ListOf(callerId, MOST_IDS, optional) readonly exclude?: readonly string[] | null;
}

class RequiredItemsDto {
  @ListOf(callerId, MOST_IDS, optional) readonly products?: readonly string[] | null;
  @ListOf(callerId, MOST_IDS, optional) readonly categories?: readonly string[] | null;
}

class MinimumOrderDto {
  @Field(judgedWhole(0)) readonly amount!: number;
  @Field(oneOf('GTE', 'GT'), optional) readonly comparison?: 'GTE' | 'GT' | null;
  @Field(oneOf('INITIAL', 'REMAINING'), optional) readonly base?: 'INITIAL' | 'REMAINING' | null;
}

class HoursDto {
  @Field(hour) readonly from!: string;
  @Field(hour) readonly until!: string;
}

class ConditionsDto {
  @Nested(MinimumOrderDto, optional) readonly minimumOrder?: MinimumOrderDto | null;
  @Field(count, optional) readonly minimumQuantity?: number | null;
  @Nested(RequiredItemsDto, optional) readonly requires?: RequiredItemsDto | null;
  @Nested(SelectionDto, optional) readonly products?: SelectionDto | null;
  @Nested(SelectionDto, optional) readonly categories?: SelectionDto | null;
  @Nested(SelectionDto, optional) readonly channels?: SelectionDto | null;
  @Nested(SelectionDto, optional) readonly segments?: SelectionDto | null;
  @Field(flag, optional) readonly excludeSaleItems?: boolean | null;
  @ListOf(oneOf('MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'), 7, { ...optional, uniqueItems: true })
  readonly weekdays?: readonly string[] | null;
  @Nested(HoursDto, optional) readonly hours?: HoursDto | null;
  @Field(flag, optional) readonly firstOrderOnly?: boolean | null;
}

class LimitsDto {
  @Field(count, optional) readonly total?: number | null;
  @Field(count, optional) readonly perUser?: number | null;
  @Field(count, optional) readonly perDay?: number | null;
  @Field(amount, { ...optional, description: 'Most money given away in all, minor units.' }) readonly budget?:
    | number
    | null;
}

class PeriodDto {
  @Field(instant, optional) readonly from?: string | null;
  @Field(instant, { ...optional, description: 'Exclusive.' }) readonly until?: string | null;
}

class ValidityDto extends PeriodDto {
  @Field(flag, optional) readonly untilInclusive?: boolean | null;
  @Field(judgedWhole(0, 36_500), optional) readonly daysAfterIssue?: number | null;
}

class StackingDto {
  @Field(oneOf('STACKABLE', 'EXCLUSIVE'), optional) readonly mode?: string | null;
  @Field(text(1, 64), optional) readonly group?: string | null;
  @Field(judgedWhole(-LARGEST_COUNT, LARGEST_COUNT), optional) readonly priority?: number | null;
  @Field(oneOf('INITIAL', 'REMAINING'), optional) readonly percentBase?: string | null;
}

/** What a policy shall say; only name, currency, discount and issuance are required. */
export class PolicyDto {
  @Field(text(1, 200)) readonly name!: string;
  @Field(text(0, 2000), optional) readonly description?: string | null;
  @Field(text(1, 200), {
    ...optional,
    description: 'A code that all users share: 3 to 40 visible characters, spaces and hyphens apart.',
  })
  readonly code?: string | null;
  @Field(currency) readonly currency!: string;
  @Field(text(1, 64), { ...optional, description: 'IANA name; default Asia/Seoul.' }) readonly timeZone?: string | null;
  @NestedByType(discountClasses, DiscountDto) readonly discount!: DiscountDto;
  @Nested(ConditionsDto, optional) readonly conditions?: ConditionsDto | null;
  @Nested(LimitsDto, optional) readonly limits?: LimitsDto | null;
  @ListOf(oneOf('FIRST_COME', 'CODE', 'DOWNLOAD', 'EVENT'), 4, { minItems: 1, uniqueItems: true })
  readonly issuance!: readonly string[];
  @Nested(PeriodDto, optional) readonly issuePeriod?: PeriodDto | null;
  @Nested(ValidityDto, optional) readonly validity?: ValidityDto | null;
  @Nested(StackingDto, optional) readonly stacking?: StackingDto | null;
  @Field(flag, optional) readonly restoreOnCancel?: boolean | null;
  @Field(oneOf('NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK'), optional) readonly refund?: string | null;
}

const time = (text: string | null | undefined) => (typeof text === 'string' ? parseInstant(text) : null);
const timed = <Part extends PeriodDto>(part: Part | null | undefined) =>
  part && { ...part, from: time(part.from), until: time(part.until) };

/** The draft for the domain, which checks all of it once more and says what makes no sense. */
export const draftOf = (dto: PolicyDto): PolicyDraft =>
  ({ ...dto, issuePeriod: timed(dto.issuePeriod), validity: timed(dto.validity) }) as PolicyDraft;
