/** Bodies of the user area as the document shows them; the tests send the requests among them. */

const userId = '01990000-0000-7000-8000-000000000004';
const email = 'ann@shop.example';
const refreshToken = '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

export const userExamples = {
  signUp: { email, password: 'correct horse battery', name: 'Ann', phone: '010-1234-5678' },
  signedUp: { userId, email, name: 'Ann' },
  logIn: { email, password: 'correct horse battery' },
  granted: { accessToken: 'eyJhbGciOi…', refreshToken, tokenType: 'Bearer', expiresIn: 900 },
  refresh: { refreshToken },
  validate: { token: 'eyJhbGciOi…' },
  valid: { valid: true, userId, roles: ['shopper'], expiresAt: '2026-11-21T01:15:00.000Z' },
  profile: { name: 'Ann B.', phone: '+82 10 1234 5678' },
  me: {
    ...{ userId, email, name: 'Ann', phone: '010-1234-5678' },
    ...{ roles: ['shopper'], createdAt: '2026-11-21T01:00:00.000Z' },
  },
  password: { currentPassword: 'correct horse battery', newPassword: 'another good one' },
  logins: {
    items: [{ at: '2026-11-21T01:00:00.000Z', result: 'SUCCEEDED', address: '192.0.2.1', userAgent: 'Mozilla/5.0' }],
    nextCursor: null,
  },
};
