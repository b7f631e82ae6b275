import { examplesIn } from './readme-examples.js';

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

describe('the examples of a README', () => {
  it('are its programs, with the line where each begins', () => {
    expect(examplesIn(markdown.join('\n'))).toEqual([
      { language: 'ts', notes: '', code: 'const a = 1;\n', line: 3 },
      { language: 'cjs', notes: 'no-run', code: "require('x');\n", line: 9 },
    ]);
  });
});
