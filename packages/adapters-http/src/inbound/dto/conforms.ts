/** Whether a value is fine, form and range; a class of fields is a table of these. */
export type Check = (value: unknown) => boolean;

const own = new WeakMap<object, Map<string, Check>>();
const whole = new WeakMap<object, ReadonlyMap<string, Check>>();

/** Notes the check of one field of the class that has this prototype. */
export function note(prototype: object, field: string, check: Check): void {
  const checks = own.get(prototype) ?? new Map<string, Check>();
  own.set(prototype, checks.set(field, check));
}

/** The fields of a class with those that it inherits. */
function fieldsOf(prototype: object): ReadonlyMap<string, Check> {
  const known = whole.get(prototype);
  if (known) return known;
  const parent: unknown = Object.getPrototypeOf(prototype);
  const inherited = typeof parent === 'object' && parent !== null ? fieldsOf(parent) : [];
  const fields = new Map([...inherited, ...(own.get(prototype) ?? [])]);
  whole.set(prototype, fields);
  return fields;
}

/**
 * Whether a parsed body is one of a class: every field fine, none unknown. Says the same as the validator, which takes a
 * hundred times as long and is asked only when the answer is no, for the words.
 */
export function conforms({ prototype }: { readonly prototype: object }, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = fieldsOf(prototype);
  for (const name of Object.keys(value)) if (!fields.has(name)) return false;
  const given = value as Readonly<Record<string, unknown>>;
  for (const [name, check] of fields) if (!check(given[name])) return false;
  return true;
}
