import { type DestinationStream, type Logger, pino } from 'pino';

/** What this package needs of a logger; a pino logger is one. */
export interface HttpLogger {
  info(line: object, message: string): void;
  error(line: object, message: string): void;
  isLevelEnabled?(level: string): boolean;
}

/** JSON lines with times of ISO 8601 and levels by name; what could be a secret is blanked out should it ever get in. */
export const createLogger = (level = 'info', stream?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: { service: 'promotions' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: {
        paths: [
          ...['authorization', 'password', 'token', 'secret', 'refreshToken', 'accessToken', 'passwordHash'],
          ...['email', 'name', 'phone'].map(field => `profile.${field}`),
        ].flatMap(path => [path, `*.${path}`]),
        censor: '[redacted]',
      },
    },
    ...(stream ? [stream] : []),
  );
