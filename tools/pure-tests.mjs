import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

/**
 * Tests of code that is the same in every engine: it turns text into data, without a DOM, a network or a style. In a run in
 * several engines they run in the first one only. Folders end in `/`.
 */
const pure = [
  'test/protocols/',
  'test/wire/framing.test.ts',
  'test/wire/position.test.ts',
  'test/wire/preamble.test.ts',
  'test/wire/retry-policy.test.ts',
  'test/wire/retry-policy-limits.test.ts',
  'test/wire/slips.test.ts',
  'test/wire/watchdog.test.ts',
  'test/chat/request.test.ts',
  'test/fuzz.test.ts',
];
/** Tests in these folders that need an element or a network, but nothing of the engine beside: their subject is the bytes. */
const sameBytes = ['test/protocols/producers.test.ts'];
/** What a pure test cannot import. `safe-url` is not pure: each engine parses URLs by itself. */
const impure =
  /from '(?:[^']*\/(?:chat|draw|states|server|exchange|walker|stream-chat|safe-url)\.js|@web\/test-runner-commands)'/;

/** Returns the test files that run in one engine only. Throws if one of them imports what depends on the engine. */
export function pureTests(root) {
  const found = readdirSync(join(root, 'test'), {recursive: true})
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .filter(
      (name) =>
        name.endsWith('.test.ts') && pure.some((one) => name === one || (one.endsWith('/') && name.startsWith(one))),
    )
    .sort();
  for (const name of found) {
    const [import_] = impure.exec(readFileSync(join(root, name), 'utf8')) ?? [];
    if (import_ && !sameBytes.includes(name))
      throw new Error(`${name} runs in one engine only (tools/pure-tests.mjs), but has an import ${import_}.`);
  }
  return found;
}
