import { examplesIn, filesIn } from './readme-examples.js';

const markdown = [
  '# Title',
  '```ts',
  'const a = 1;',
  '```',
  '```sh',
  'npm i',
  '```',
  '```js no-run',
  "require('x');",
  '```',
  '',
];

describe('the files of a guide', () => {
  it('are those that it names', () => {
    const guide = ['<!-- file: a.ts -->', '', '```ts', 'const a = 1;', '```', '```ts', 'const b = 2;', '```', ''];
    expect(filesIn(guide.join('\n'))).toEqual([{ name: 'a.ts', code: 'const a = 1;\n' }]);
  });
});

describe('the examples of a README', () => {
  it('are its programs, with the line where each begins', () => {
    expect(examplesIn(markdown.join('\n'))).toEqual([
      { language: 'ts', notes: '', code: 'const a = 1;\n', line: 3 },
      { language: 'cjs', notes: 'no-run', code: "require('x');\n", line: 9 },
    ]);
  });
});
