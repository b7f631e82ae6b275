import { createHash } from 'node:crypto';

export const etagOf = ({ revision }: { readonly revision: number }): string => `"${revision}"`;

/** The ETag of what has no revision of its own: another body has another one. */
export const hashTagOf = (body: object): string =>
  `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`;
