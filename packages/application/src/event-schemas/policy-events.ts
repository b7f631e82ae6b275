import type { PolicyEvent } from '@org/domain';
import type { Described, SchemasOf } from './description.js';
import { at, policyId } from './fields.js';
import { about, type JsonSchema, object, whole } from './json-schema.js';
import { policyTerms as terms } from './policy-terms.js';

type Schemas<Type> = SchemasOf<PolicyEvent, Type>;

const created: Schemas<'PolicyCreated'> = { terms, at };
const edited: Schemas<'PolicyEdited'> = { version: about(whole(1), 'The number of the new version.', 2), terms, at };
const changed: Schemas<'PolicyActivated'> = { at };

const described = (meaning: string, fields: Readonly<Record<string, JsonSchema>>) => ({
  meaning,
  key: 'policyId',
  schema: object({ policyId, ...fields }),
});

export const policyEventDescriptions: Described<PolicyEvent> = {
  PolicyCreated: described('A policy was drafted, as its version 1.', created),
  PolicyEdited: described('A policy has a new version; issued coupons keep theirs.', edited),
  PolicyActivated: described('Coupons of a policy can be had.', changed),
  PolicyPaused: described('No coupons of a policy can be had for now.', changed),
  PolicyEnded: described('A policy is over for good.', changed),
};
