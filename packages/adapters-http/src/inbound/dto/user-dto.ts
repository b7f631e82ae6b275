import { Field } from './fields.js';
import { judged, text } from './kinds.js';

/** Whether it is an address, a good password is asked of the domain. */
const email = text(1, 254);
const newEmail = judged(text(5, 254));
const LONGEST_PASSWORD = 1_024;
const password = text(1, LONGEST_PASSWORD);
const refreshToken = text(1, 512);
const name = judged(text(1, 100));
const phone = judged(text(5, 21), { pattern: '^\\+?[0-9][0-9 -]{3,18}[0-9]$' });
const ofPhone = { optional: true, description: 'Digits, spaces and hyphens, maybe a + before them.' };
/** How many characters there are is known after NFKC: the domain counts them. */
const newPassword = judged(text(8, 128));
const ofPassword = { description: '8 to 128 characters after NFKC; no rules of composition.' };

export class SignUpDto {
  @Field(newEmail) readonly email!: string;
  @Field(newPassword, ofPassword) readonly password!: string;
  @Field(name) readonly name!: string;
  @Field(phone, ofPhone) readonly phone?: string | null;
}

export class LogInDto {
  @Field(email) readonly email!: string;
  @Field(password) readonly password!: string;
}

export class RefreshDto {
  @Field(refreshToken) readonly refreshToken!: string;
}

export class ValidateDto {
  @Field(text(0, 8_192)) readonly token!: string;
}

export class ProfileDto {
  @Field(name) readonly name!: string;
  @Field(phone, ofPhone) readonly phone?: string | null;
}

export class PasswordDto {
  @Field(password) readonly currentPassword!: string;
  @Field(newPassword, ofPassword) readonly newPassword!: string;
}
