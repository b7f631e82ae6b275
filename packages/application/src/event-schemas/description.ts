import type { FieldSchemas, JsonSchema } from './json-schema.js';

/** What readers of an event have to know. */
export interface EventDescription {
  /** When there is one, as a sentence. */
  readonly meaning: string;
  /** The field of the data that is the key: events of the same key keep their order. */
  readonly key: string;
  readonly schema: JsonSchema;
}

type WithType = { readonly type: string };

/** The event of that type among those of a union. */
export type EventOf<Events extends WithType, Type> = Events extends { readonly type: infer Types }
  ? Type extends Types
    ? Events
    : never
  : never;

/** Schemas for what an event says besides its type. */
export type SchemasOf<Events extends WithType, Type> = FieldSchemas<Omit<EventOf<Events, Type>, 'type'>>;

/** One description per event of an area, by the name that the domain has for it. */
export type Described<Events extends WithType> = Readonly<Record<Events['type'], EventDescription>>;
