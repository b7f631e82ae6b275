import { nullable, type Reader, readAll, record, text, textThat } from '../readers.js';
import type { Checked, Violation } from '../refusal.js';
import type { Profile } from './account.js';
import { isCommonPassword } from './common-passwords.js';

const SHORTEST = 8;
const LONGEST = 128;
/** RFC 5321: a path has 256 characters, two of them the angle brackets. */
const LONGEST_EMAIL = 254;

const local = /^[^\s@"(),:;<>[\]\\\p{Control}]{1,64}$/u;
const label =
  /^[\p{Letter}\p{Mark}\p{Number}](?:[\p{Letter}\p{Mark}\p{Number}-]{0,61}[\p{Letter}\p{Mark}\p{Number}])?$/u;

/** Whether mail could go there: one `@`, a local part without quotes, a domain of at least two labels. */
export function isEmail(email: string): boolean {
  const [user = '', domain = '', ...more] = email.split('@');
  const labels = domain.split('.');
  return (
    more.length === 0 &&
    email.length <= LONGEST_EMAIL &&
    local.test(user) &&
    labels.length > 1 &&
    labels.every(part => label.test(part))
  );
}

/** The one form of an address by which an account is found: case and Unicode variants fall together. */
export const normaliseEmail = (email: string): string => email.normalize('NFKC').toLowerCase();

/** The one form of a password that is hashed, however a keyboard composes its characters. */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/**
 * What is wrong with a password that somebody wants: length in characters after NFKC, the e-mail address itself, or one
 * that everybody tries. No rules of composition. The password is not repeated.
 * @param field what the caller calls it
 */
export function passwordViolations(password: string, email: string, field = 'password'): readonly Violation[] {
  const normal = normalisePassword(password);
  const { length } = [...normal];
  const no = (message: string): Violation[] => [{ field, value: null, message }];
  if (length < SHORTEST || length > LONGEST) return no(`must have ${SHORTEST} to ${LONGEST} characters`);
  if (normaliseEmail(normal) === normaliseEmail(email)) return no('must not be the e-mail address');
  return isCommonPassword(normal) ? no('is one of those that everybody tries first') : [];
}

const printable = /^\P{Control}*$/u;
const name: Reader<string> = (value, field, report) => {
  const read = text(1, 100)(value, field, report);
  if (!printable.test(read)) report({ field, value, message: 'must not have control characters' });
  return read;
};

/** Who somebody wants to be, or everything that makes no sense about it. */
export function checkProfile(draft: unknown): Checked<Profile> {
  const { value, violations } = readAll(
    record<Profile>({
      email: textThat(isEmail, 'must be an e-mail address'),
      name,
      phone: nullable(
        textThat(
          phone => /^\+?\d[\d -]{3,18}\d$/.test(phone),
          'must be a phone number: digits, spaces and hyphens, maybe a + before them',
        ),
      ),
    }),
    draft,
  );
  return value !== null && violations.length === 0 ? { ok: true, value } : { ok: false, violations };
}
