import { parseArgs } from 'node:util';
import { isCallerId } from '@org/domain';
import { readConfig } from '../config/config.js';
import { tokenKeyOf } from '../config/token-key.js';
import { type Role, roles, signToken } from '../tokens.js';
import { required, runCommand, UsageError, wholeNumber } from './run-command.js';

const usage = `npm run token -- --sub ann --role shopper [--role operator …] [--ttl 3600]
  Prints a token that the service with the same environment (or the same DATA_DIR) accepts.`;

const isRole = (name: string): name is Role => (roles as readonly string[]).includes(name);

runCommand(usage, async args => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sub: { type: 'string' },
      role: { type: 'string', multiple: true, default: ['shopper'] },
      ttl: { type: 'string', default: '3600' },
    },
  });
  const sub = required(values.sub, 'sub');
  if (!isCallerId(sub)) throw new UsageError(`--sub must be 1 to 64 of A-Z a-z 0-9 . _ : -, not "${sub}"`);
  const wrong = values.role.find(name => !isRole(name));
  if (wrong !== undefined) throw new UsageError(`--role must be one of ${roles.join(', ')}, not "${wrong}"`);
  const config = readConfig(process.env);
  const wish = {
    sub,
    roles: values.role.filter(isRole),
    ttlSeconds: wholeNumber(values.ttl, 'ttl'),
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
  };
  console.log(signToken(await tokenKeyOf(config), wish));
});
