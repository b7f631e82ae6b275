import assert from 'node:assert/strict';
import type { PasswordHasher, PersonalData, TokenSecrets } from '../ports/credentials.js';
import { contract } from './contract.js';

export interface PasswordHasherFixture {
  readonly passwords: PasswordHasher;
}

export const passwordHasherContract = contract<PasswordHasherFixture>('PasswordHasher', {
  async 'knows a password by its hash, and no other one'({ passwords }) {
    for (const password of ['correct horse', '비밀번호 🔑', 'x'.repeat(128), ' blank at both ends ']) {
      const hash = await passwords.hash(password);
      assert.equal(await passwords.verify(password, hash), true);
      for (const other of [`${password} `, password.toUpperCase() === password ? 'x' : password.toUpperCase(), ''])
        assert.equal(await passwords.verify(other, hash), false, `${other} is not ${password}`);
    }
  },
  async 'tells apart passwords that differ after their 72nd byte'({ passwords }) {
    const hash = await passwords.hash(`${'x'.repeat(100)}a`);
    assert.equal(await passwords.verify(`${'x'.repeat(100)}b`, hash), false);
  },
  async 'salts: the same password has another hash every time'({ passwords }) {
    const hashes = await Promise.all([1, 2, 3].map(() => passwords.hash('correct horse')));
    assert.equal(new Set(hashes).size, 3);
    for (const hash of hashes) assert.equal(await passwords.verify('correct horse', hash), true);
  },
  async 'does not write the password into its hash'({ passwords }) {
    assert.ok(!(await passwords.hash('correct-horse')).includes('correct-horse'));
  },
  async 'says no to a hash that it can not read'({ passwords }) {
    for (const hash of ['', 'correct horse', '$argon2id$v=19$m=1', '$2b$10$abcdefghijklmnopqrstuv'])
      assert.equal(await passwords.verify('correct horse', hash), false);
  },
});

export interface TokenSecretsFixture {
  readonly tokenSecrets: TokenSecrets;
}

export const tokenSecretsContract = contract<TokenSecretsFixture>('TokenSecrets', {
  async 'makes tokens of 43 characters of base64url, none twice'({ tokenSecrets }) {
    const tokens = Array.from({ length: 1_000 }, () => tokenSecrets.newToken());
    for (const token of tokens) assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(new Set(tokens).size, tokens.length);
  },
  async 'digests to 64 hex digits, the same ones whoever asks and when'({ tokenSecrets }) {
    const token = tokenSecrets.newToken();
    assert.match(tokenSecrets.digest(token), /^[0-9a-f]{64}$/);
    assert.equal(tokenSecrets.digest(token), tokenSecrets.digest(token));
  },
  async 'digests every token to something else, which does not tell it'({ tokenSecrets }) {
    const tokens = Array.from({ length: 1_000 }, () => tokenSecrets.newToken());
    assert.equal(new Set(tokens.map(token => tokenSecrets.digest(token))).size, tokens.length);
    for (const token of tokens.slice(0, 10)) assert.ok(!tokenSecrets.digest(token).includes(token.slice(0, 8)));
  },
});

export interface PersonalDataFixture {
  readonly personalData: PersonalData;
}

const texts = ['ann@shop.example', '홍길동 🙂', '', 'x'.repeat(500)];

export const personalDataContract = contract<PersonalDataFixture>('PersonalData', {
  async 'opens what it sealed, where it was sealed for'({ personalData }) {
    for (const text of texts) assert.equal(personalData.open(personalData.seal(text, 'a:1'), 'a:1'), text);
  },
  async 'seals the same text differently every time, and never legibly'({ personalData }) {
    const sealed = [1, 2, 3].map(() => personalData.seal('ann@shop.example', 'a:1'));
    assert.equal(new Set(sealed).size, 3);
    for (const each of sealed) assert.doesNotMatch(each, /ann@|example|\s/);
  },
  async 'does not open what was moved to another place'({ personalData }) {
    const sealed = personalData.seal('ann@shop.example', 'a:1');
    for (const context of ['a:2', 'b:1', '']) assert.throws(() => personalData.open(sealed, context));
  },
  async 'does not open what was changed in any character'({ personalData }) {
    const sealed = personalData.seal('ann@shop.example', 'a:1');
    for (const [i, character] of [...sealed].entries()) {
      const other = character === 'A' ? 'B' : 'A';
      const changed = `${sealed.slice(0, i)}${other}${sealed.slice(i + 1)}`;
      assert.throws(() => personalData.open(changed, 'a:1'), `changed at ${i}`);
    }
    for (const cut of ['', sealed.slice(0, -1), `${sealed}A`, 'plain text'])
      assert.throws(() => personalData.open(cut, 'a:1'), `cut to ${cut.length}`);
  },
  async 'indexes the same text alike, other texts otherwise, and none legibly'({ personalData }) {
    const indexes = texts.map(text => personalData.index(text));
    assert.deepEqual(
      indexes,
      texts.map(text => personalData.index(text)),
    );
    assert.equal(new Set(indexes).size, texts.length);
    for (const index of indexes) assert.match(index, /^[A-Za-z0-9_-]{32,64}$/);
  },
  async 'finds by every key that it has, the newest first'({ personalData }) {
    const [newest, ...older] = personalData.indexes('ann@shop.example');
    assert.equal(newest, personalData.index('ann@shop.example'));
    assert.ok(!older.includes(newest ?? ''));
  },
  async 'tells that the newest key has sealed what it just sealed'({ personalData }) {
    assert.equal(personalData.isCurrent(personalData.seal('x', 'a:1')), true);
    assert.equal(personalData.isCurrent('plain text'), false);
  },
});
