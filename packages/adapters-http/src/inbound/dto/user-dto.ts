import { Field } from './fields.js';
import { text } from './kinds.js';

/** Whether it is an address, a name, a good password is asked of the domain. */
const email = text(1, 254);
const LONGEST_PASSWORD = 1_024;
const password = text(1, LONGEST_PASSWORD);
const refreshToken = text(1, 512);
const phone = { optional: true, description: 'Digits, spaces and hyphens, maybe a + before them.' };

export class SignUpDto {
  @Field(email) readonly email!: string;
  @Field(password, { description: '8 to 128 characters after NFKC; no rules of composition.' })
  readonly password!: string;
  @Field(text(1, 200)) readonly name!: string;
  @Field(text(1, 32), phone) readonly phone?: string | null;
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
  @Field(text(1, 200)) readonly name!: string;
  @Field(text(1, 32), phone) readonly phone?: string | null;
}

export class PasswordDto {
  @Field(password) readonly currentPassword!: string;
  @Field(password, { description: '8 to 128 characters after NFKC; no rules of composition.' })
  readonly newPassword!: string;
}
