import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

type Json = { readonly [name: string]: unknown };

interface Content {
  readonly schema?: Json;
  readonly example?: unknown;
}
interface Documented {
  readonly content?: Readonly<Record<string, Content>>;
}
type Operations = Readonly<Record<string, { readonly responses: Readonly<Record<string, Documented>> }>>;

/** As much of an OpenAPI document as answers are looked up in. */
export interface Document {
  readonly paths: Readonly<Record<string, Operations>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

/** An answer as it came. */
export interface Answered {
  readonly method: string;
  /** As it was asked for, without the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The schema with every object closed: what is answered and no schema tells of was forgotten in one of them. What is
 * meant to have further fields says so.
 */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, closed(part)]));
  if (typeof inner.$ref === 'string') return { ...inner, $ref: inner.$ref.split('/').at(-1) };
  // The mapping is for generators; the validator finds the case by the value that each has.
  if (isObject(inner.discriminator))
    return { ...inner, type: 'object', discriminator: { propertyName: inner.discriminator.propertyName } };
  const isClosed = isObject(inner.properties) && !('additionalProperties' in inner);
  return isClosed ? { ...inner, additionalProperties: false } : inner;
}

const decoded = (segment: string) => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
};
const segmentsOf = (path: string) =>
  path
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .map(decoded);

/** The path of the document that one is an instance of; words go before parameters. */
function templateOf(paths: readonly string[], path: string): string | undefined {
  const given = segmentsOf(path);
  const fits = (template: string) => {
    const wanted = template.split('/');
    return (
      wanted.length === given.length &&
      wanted.every((want, i) => want === given[i] || (want[0] === '{' && given[i] !== ''))
    );
  };
  return paths.find(template => template === path) ?? paths.filter(fits).sort()[0];
}

const mediaType = (headers: Headers) => headers.get('content-type')?.split(';')[0] ?? null;

/** Tells what is wrong with answers, by the document and nothing else. */
export class AnswerChecker {
  private readonly ajv = new Ajv2020({
    ...{ strict: true, allowUnionTypes: true, allErrors: true, discriminator: true, validateSchema: false },
  });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly templates: readonly string[];

  constructor(private readonly document: Document) {
    formats.default(this.ajv);
    this.templates = Object.keys(document.paths);
    for (const [name, schema] of Object.entries(document.components.schemas))
      this.ajv.addSchema(closed(schema) as object, name);
  }

  /** Empty = it is what the document says; otherwise what is not, with method, path and status. */
  mistakesIn(answered: Answered): readonly string[] {
    const { method, path, status, headers } = answered;
    const found = this.look(answered);
    const lacksChallenge = status === 401 && !headers.has('www-authenticate');
    const all = [...found, ...(lacksChallenge ? ['has no WWW-Authenticate'] : [])];
    return all.map(mistake => `${method} ${path}, ${status}: ${mistake}`);
  }

  /** What is wrong with a body of this operation and status. */
  mistakesInBody(template: string, method: string, status: number, type: string, body: unknown): readonly string[] {
    const content = this.document.paths[template]?.[method]?.responses[status]?.content?.[type];
    return content?.schema ? this.misfits(`${method} ${template} ${status} ${type}`, content.schema, body) : [];
  }

  private look({ method: verb, path, status, headers, text }: Answered): readonly string[] {
    const template = templateOf(this.templates, path);
    const operations = template === undefined ? {} : (this.document.paths[template] ?? {});
    const method = verb === 'HEAD' ? 'get' : verb.toLowerCase();
    const operation = operations[method];
    const type = mediaType(headers);
    // What is none of the document's is refused, and told so in the same form as everything else.
    if (!operation || template === undefined) return verb === 'HEAD' ? [] : this.refusal(type, text);
    const documented = operation.responses[status];
    if (!documented) return [`is no status of ${template}; ${Object.keys(operation.responses).join(', ')} are`];
    const types = Object.keys(documented.content ?? {});
    if (types.length === 0 || verb === 'HEAD') return text === '' ? [] : ['has a body'];
    if (type === null || !types.includes(type)) return [`is ${type}, not ${types.join(' or ')}`];
    if (!type.endsWith('json')) return [];
    return this.mistakesInBody(template, method, status, type, JSON.parse(text));
  }

  private refusal(type: string | null, text: string): readonly string[] {
    if (type !== 'application/problem+json') return [`is not in the document, and ${type}`];
    return this.misfits('', { $ref: '#/components/schemas/Problem' }, JSON.parse(text));
  }

  private misfits(name: string, schema: Json, body: unknown): readonly string[] {
    const validate = this.compiled.get(name) ?? this.ajv.compile(closed(schema) as object);
    this.compiled.set(name, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`,
    );
  }
}
