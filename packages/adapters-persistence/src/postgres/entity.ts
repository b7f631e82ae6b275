import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';

/** Rows as TypeORM sees them, for reports and simple reads. Aggregates are written by their repositories only. */
type Row = Record<string, unknown>;
type Columns = Record<string, EntitySchemaColumnOptions>;

export const entity = (tableName: string, primary: readonly string[], columns: Columns) =>
  new EntitySchema<Row>({
    name: tableName,
    tableName,
    // The tables are made by migrations: constraints and partitions say more than metadata can.
    synchronize: false,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, options]) => [name, { ...options, primary: primary.includes(name) }]),
    ),
  });

export const uuid = { type: 'uuid' } as const;
export const text = { type: 'text' } as const;
export const int = { type: 'int4' } as const;
export const bigint = { type: 'int8' } as const;
export const jsonb = { type: 'jsonb' } as const;
export const bool = { type: 'bool' } as const;
export const instant = { type: 'timestamptz' } as const;
export const optional = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({
  ...column,
  nullable: true,
});
