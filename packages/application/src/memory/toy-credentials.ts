import type { PasswordHasher, PersonalData, TokenSecrets } from '../ports/credentials.js';

/** Two times FNV-1a with a stir between them: 64 bits that look like nothing, and keep nothing secret. */
function stir(text: string): string {
  let [a, b] = [0x811c9dc5, 0xcbf29ce4];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ a ^ (text.charCodeAt(i) << 7), 0x5bd1e995);
    b ^= b >>> 13;
  }
  return [a, b].map(part => (part >>> 0).toString(16).padStart(8, '0')).join('');
}

const hexOf = (text: string) =>
  [...text].map(character => (character.codePointAt(0) ?? 0).toString(16).padStart(6, '0')).join('');
const textOf = (hex: string) =>
  (hex.match(/.{6}/g) ?? []).map(code => String.fromCodePoint(Number.parseInt(code, 16))).join('');

/** Hashes at once, for tests and simulations: anybody can undo it. */
export class ToyPasswordHasher implements PasswordHasher {
  private salts = 0;

  async hash(password: string): Promise<string> {
    this.salts += 1;
    return `$toy$${this.salts}$${stir(`${this.salts} ${password}`)}`;
  }

  async verify(password: string, hash: string): Promise<boolean> {
    const [, kind, salt, digest] = hash.split('$');
    return kind === 'toy' && digest === stir(`${salt} ${password}`);
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same tokens in every run, for tests and simulations. */
export class PredictableTokens implements TokenSecrets {
  private last = 0;

  newToken(): string {
    this.last += 1;
    const digits = [1, 2, 3, 4, 5, 6].map(part => stir(`${part} token ${this.last}`)).join('');
    return (digits.match(/../g) ?? [])
      .slice(0, 43)
      .map(pair => alphabet.charAt(Number.parseInt(pair, 16) % alphabet.length))
      .join('');
  }

  digest(token: string): string {
    return [1, 2, 3, 4].map(part => stir(`${part} digest ${token}`)).join('');
  }
}

/** Seals with a key that is written on it, for tests and simulations. */
export class ToyPersonalData implements PersonalData {
  private last = 0;

  seal(text: string, context: string): string {
    this.last += 1;
    const hidden = hexOf(text);
    return `toy.${this.last}.${hidden}.${stir(JSON.stringify([this.last, hidden, context]))}`;
  }

  open(sealed: string, context: string): string {
    const [kind, count, hidden = '', check] = sealed.split('.');
    if (kind !== 'toy' || check !== stir(JSON.stringify([Number(count), hidden, context])))
      throw new Error('sealed data does not open here');
    return textOf(hidden);
  }

  index(text: string): string {
    return [1, 2, 3, 4].map(part => stir(`${part} index ${text}`)).join('');
  }

  indexes(text: string): readonly string[] {
    return [this.index(text)];
  }

  isCurrent(sealed: string): boolean {
    return sealed.startsWith('toy.');
  }
}
