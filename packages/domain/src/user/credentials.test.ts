import { checkProfile, isEmail, normaliseEmail, normalisePassword, passwordViolations } from './credentials.js';

const messagesOf = (password: string, email = 'ann@shop.example') =>
  passwordViolations(password, email).map(({ message }) => message);

describe('a password', () => {
  it.each([
    ['seven characters', 'aB3$xyz', 'must have 8 to 128 characters'],
    ['129 characters', `x${'y'.repeat(128)}`, 'must have 8 to 128 characters'],
    ['seven emoji, which are fourteen UTF-16 units', '🦊🐻🐼🦁🐯🐨🐸', 'must have 8 to 128 characters'],
    ['eight that NFKC makes four', 'e\u0301e\u0301e\u0301e\u0301', 'must have 8 to 128 characters'],
    ['the e-mail address in another case', 'ANN@Shop.Example', 'must not be the e-mail address'],
    ['the first in every list', 'password', 'is one of those that everybody tries first'],
    ['the same in another case', 'PassWord123', 'is one of those that everybody tries first'],
    ['a run over the keyboard', '1q2w3e4r', 'is one of those that everybody tries first'],
    ['full-width digits', '１２３４５６７８', 'is one of those that everybody tries first'],
    ['a Korean word on a Latin keyboard', 'dkssudgktpdy', 'is one of those that everybody tries first'],
  ])('is refused: %s', (_, password, message) => expect(messagesOf(password)).toEqual([message]));

  it.each([
    ['eight characters', 'kvarnsten'.slice(0, 8)],
    ['128 characters', `${'correct horse '.repeat(9)}xx`.slice(0, 128).padEnd(128, 'z')],
    ['only lower case', 'unremarkable lantern'],
    ['only digits that nobody tries first', '48205917'],
    ['Hangul and blanks', '오늘 저녁은 국수 먹자'],
    ['eight emoji', '🦊🐻🐼🦁🐯🐨🐸🐵'],
  ])('is accepted, for there are no rules of composition: %s', (_, password) =>
    expect(messagesOf(password)).toEqual([]),
  );

  it('is never repeated in what is said about it', () =>
    expect(passwordViolations('short', 'a@b.example', 'newPassword')).toEqual([
      { field: 'newPassword', value: null, message: 'must have 8 to 128 characters' },
    ]));

  it('is the same however the keyboard composes it', () =>
    expect(normalisePassword('cafe\u0301 ﬁne')).toBe(normalisePassword('café fine')));
});

describe('an e-mail address', () => {
  it.each([
    'a@b.co',
    'first.last+tag@sub.shop.example',
    'ann@xn--bcher-kva.example',
    '안@가게.한국',
    `${'x'.repeat(64)}@b.co`,
  ])('%s is one', email => expect(isEmail(email)).toBe(true));

  it.each([
    '',
    'ann',
    '@b.co',
    'ann@',
    'ann@localhost',
    'ann@b..co',
    'ann@-b.co',
    'ann@b.co ',
    'a nn@b.co',
    'a@b@c.co',
    'ann@b.co\n',
    'ann\u0000@b.co',
    '<ann@b.co>',
    `${'x'.repeat(65)}@b.co`,
    `x@${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(20)}`,
  ])('%j is none', email => expect(isEmail(email)).toBe(false));

  it('is found in whatever case and width it is written', () =>
    expect(normaliseEmail('ＡNN@Shop.Example')).toBe('ann@shop.example'));
});

describe('a profile', () => {
  const fine = { email: 'ann@shop.example', name: 'Ann', phone: null };
  const fieldsOf = (changed: object) => {
    const checked = checkProfile({ ...fine, ...changed });
    return checked.ok ? [] : checked.violations.map(({ field }) => field);
  };

  it.each([
    [{ name: '' }, ['name']],
    [{ name: '   ' }, ['name']],
    [{ name: 'x'.repeat(101) }, ['name']],
    [{ name: 'a\u0007b' }, ['name']],
    [{ email: 'nobody' }, ['email']],
    [{ phone: '12' }, ['phone']],
    [{ phone: 'call me' }, ['phone']],
    [{ email: 1, name: null, phone: {} }, ['email', 'name', 'phone']],
    [{ admin: true }, ['admin']],
    [{ phone: undefined }, []],
    [{ phone: '010-1234-5678' }, []],
    [{ phone: '+82 10 1234 5678' }, []],
    [{ name: '홍길동 🙂' }, []],
  ])('%j: %j', (changed, fields) => expect(fieldsOf(changed).sort()).toEqual(fields));
});
