import type { Violation } from '@org/domain';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { fieldError, malformed, Problem } from '../problem.js';
import { conforms } from './conforms.js';
import type { Class } from './fields.js';

/** The body of an endpoint that takes none: absent, or an empty object. */
export class NoBody {}

const MOST_ERRORS = 50;

interface Found {
  readonly form: Violation[];
  readonly range: Violation[];
}

function collect(errors: readonly ValidationError[], around: string, isList: boolean, found: Found): Found {
  for (const { property, value, constraints = {}, children = [] } of errors) {
    const name = isList ? `${around}[${property}]` : around === '' ? property : `${around}.${property}`;
    const { form, range, whitelistValidation } = constraints;
    if (whitelistValidation !== undefined) found.form.push({ field: name, value, message: 'is not a known field' });
    else if (form !== undefined) found.form.push(entryOf({ field: name, value, message: form }));
    else if (range !== undefined) found.range.push(entryOf({ field: name, value, message: range }));
    // Of an object whose type is unknown only that is worth telling.
    const type = children.find(child => child.property === 'type' && child.constraints?.form !== undefined);
    if (form === undefined) collect(type ? [type] : children, name, Array.isArray(value), found);
  }
  return found;
}

/** `[3] must be …` is about one entry of a list. */
function entryOf({ field, value, message }: Violation): Violation {
  const [, index, rest = ''] = /^\[(\d+)\] (.*)$/.exec(message) ?? [];
  if (index === undefined || !Array.isArray(value)) return { field, value, message };
  return { field: `${field}[${index}]`, value: value[Number(index)], message: rest };
}

const unknownFields = (body: object) =>
  Object.entries(body).map(([field, value]) => ({ field, value, message: 'is not a known field' }));

/**
 * A body that is one of its class, or everything that is wrong with it: 400 if something has the wrong form, 422
 * if only the bounds of good sense are crossed.
 */
export function validated<Dto extends object>(of: new () => Dto, body: object): Dto | Problem {
  if ((of as Class) === NoBody) {
    const unknown = unknownFields(body);
    return unknown.length > 0 ? malformed(...unknown.slice(0, MOST_ERRORS)) : (body as Dto);
  }
  if (conforms(of, body)) return body as Dto;
  const instance = plainToInstance(of, body);
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length === 0) return instance;
  const { form, range } = collect(errors, '', false, { form: [], range: [] });
  const all = [...form, ...range].slice(0, MOST_ERRORS).map(fieldError);
  return new Problem(form.length > 0 ? 'MALFORMED_REQUEST' : 'UNPROCESSABLE_REQUEST', { errors: all });
}
