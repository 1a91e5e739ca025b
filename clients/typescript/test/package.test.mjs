// What the package promises about itself.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const read = name => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

test('it is under 12 KB compressed', () => {
  const code = readdirSync(new URL('../dist', import.meta.url)).filter(name => name.endsWith('.js')).map(name => read(`dist/${name}`));
  const size = gzipSync(code.join('')).length;
  assert.ok(size < 12 * 1024, `The library has ${size} bytes.`);
});

test('it comes with its types', () => {
  const { exports, files } = JSON.parse(read('package.json'));
  assert.deepEqual(files, ['dist']);
  assert.match(read(exports['.'].types), /export \* from '\.\/client\.js'/);
});

test('it needs nothing at run time', () => {
  assert.equal(JSON.parse(read('package.json')).dependencies, undefined);
});
