import type { Config } from './config/config.js';
import type { Service } from './service.js';
import { type Role, signToken } from './tokens.js';

const DAY = 86_400;

/** What is printed when the service is ready: where it is, and commands that work as they stand. */
export function welcome(config: Config, { url, port, tokenKey }: Service): string {
  const lines = [`Ready: ${url}`, `  API        ${url}/docs`, `  health     ${url}/health/ready`];
  if (!config.portGiven && port !== config.port)
    lines.push(`  (port ${config.port} is taken, so any free one was used)`);
  if (config.databaseUrl !== null || tokenKey.algorithm !== 'HS256')
    return [...lines, '  tokens     npm run token -- --sub ann --role shopper', ''].join('\n');
  const token = (sub: string, role: Role) =>
    signToken(tokenKey, {
      sub,
      roles: [role],
      ttlSeconds: DAY,
      issuer: config.jwtIssuer,
      audience: config.jwtAudience,
    });
  const policy =
    '{"name":"Hello","currency":"KRW","discount":{"type":"FIXED_AMOUNT","amount":3000},"limits":{"total":100,"perUser":1},"issuance":["FIRST_COME"]}';
  return `${[...lines, `  data       ${config.dataDir} (embedded Postgres, kept between starts)`].join('\n')}

Try it:
  OPERATOR=${token('demo-operator', 'operator')}
  SHOPPER=${token('ann', 'shopper')}
  POLICY=$(curl -s ${url}/api/v3/coupon-policies -H "authorization: Bearer $OPERATOR" -H 'content-type: application/json' \\
    -d '${policy}' | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
  curl -sw '\\n' -X POST ${url}/api/v3/coupon-policies/$POLICY/activate -H "authorization: Bearer $OPERATOR"
  curl -sw '\\n' ${url}/api/v1/coupons/issue -H "authorization: Bearer $SHOPPER" -H 'content-type: application/json' \\
    -d '{"policyId":"'$POLICY'"}'
`;
}
