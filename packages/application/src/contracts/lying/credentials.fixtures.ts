import { liesAbout, lying } from './lie.fixtures.js';

export const liesAboutCredentials = [
  ...liesAbout('PasswordHasher', {
    'lets everybody in': {
      tell: ({ passwords }) => ({ passwords: lying(passwords, { verify: async () => true }) }),
      caughtBy: ['knows a password by its hash, and no other one', 'says no to a hash that it can not read'],
    },
    'cuts passwords, as bcrypt does': {
      tell: ({ passwords }) => ({
        passwords: lying(passwords, {
          hash: password => passwords.hash(password.slice(0, 72)),
          verify: (password, hash) => passwords.verify(password.slice(0, 72), hash),
        }),
      }),
      caughtBy: ['tells apart passwords that differ after their 72nd byte'],
    },
    'keeps the password': {
      tell: ({ passwords }) => ({
        passwords: lying(passwords, {
          hash: async password => `plain:${password}`,
          verify: async (password, hash) => hash === `plain:${password}`,
        }),
      }),
      caughtBy: ['does not write the password into its hash', 'salts: the same password has another hash every time'],
    },
    'throws at a broken hash': {
      tell: ({ passwords }) => ({
        passwords: lying(passwords, {
          verify: async (password, hash) => {
            if (!hash.startsWith('$toy$')) throw new Error('not a hash');
            return passwords.verify(password, hash);
          },
        }),
      }),
      caughtBy: ['says no to a hash that it can not read'],
    },
  }),
  ...liesAbout('TokenSecrets', {
    'makes one token for all': {
      tell: ({ tokenSecrets }) => {
        const one = tokenSecrets.newToken();
        return { tokenSecrets: lying(tokenSecrets, { newToken: () => one }) };
      },
      caughtBy: ['makes tokens of 43 characters of base64url, none twice'],
    },
    'makes short tokens': {
      tell: ({ tokenSecrets }) => ({
        tokenSecrets: lying(tokenSecrets, { newToken: () => tokenSecrets.newToken().slice(0, 22) }),
      }),
      caughtBy: ['makes tokens of 43 characters of base64url, none twice'],
    },
    'digests by cutting': {
      tell: ({ tokenSecrets }) => ({
        tokenSecrets: lying(tokenSecrets, { digest: token => token.slice(0, 8).padEnd(64, '0') }),
      }),
      caughtBy: ['digests every token to something else, which does not tell it'],
    },
  }),
  ...liesAbout('PersonalData', {
    'seals nothing': {
      tell: ({ personalData }) => ({
        personalData: lying(personalData, { seal: text => text, open: sealed => sealed }),
      }),
      caughtBy: ['seals the same text differently every time, and never legibly'],
    },
    'opens everywhere': {
      tell: ({ personalData }) => ({
        personalData: lying(personalData, {
          seal: text => personalData.seal(text, ''),
          open: sealed => personalData.open(sealed, ''),
        }),
      }),
      caughtBy: ['does not open what was moved to another place'],
    },
    'opens what was changed': {
      tell: ({ personalData }) => ({
        personalData: lying(personalData, {
          open: (sealed, context) => {
            try {
              return personalData.open(sealed, context);
            } catch {
              return '';
            }
          },
        }),
      }),
      caughtBy: ['does not open what was changed in any character'],
    },
    'indexes with the letters themselves': {
      tell: ({ personalData }) => ({ personalData: lying(personalData, { index: text => text }) }),
      caughtBy: ['indexes the same text alike, other texts otherwise, and none legibly'],
    },
  }),
];
