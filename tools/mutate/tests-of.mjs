import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {basename, dirname, join, relative, resolve} from 'node:path';

/** Tests of a folder or a file beside those that are found by name and import: where its effect is visible. */
const others = {
  'src/wire/transport.ts': ['wire', 'chat/resume', 'chat/resumable', 'chat/answer'],
  'src/wire/': ['wire', 'chat/resume', 'chat/resumable', 'fuzz'],
  'src/wire/watchdog.ts': ['wire/transport', 'wire/preamble'],
  'src/chat/': ['chat', 'wire', 'core', 'stream-chat', 'fuzz'],
  'src/sources/': ['sources', 'chat/answer'],
  'src/protocols/': ['protocols', 'fuzz'],
  'src/renderers/': ['renderers', 'hostile', 'transcript/rendering'],
  'src/locales/': ['locales', 'speech', 'transcript/message-actions', 'composer/composer'],
  'src/transcript/': ['transcript', 'chat/tools', 'accessibility', 'stream-chat'],
  'src/transcript/scroll-': ['transcript/scroll', 'transcript/transcript', 'launcher'],
  'src/composer/': ['composer', 'accessibility', 'stream-chat', 'keyboard-only'],
  'src/launcher/': ['launcher', 'accessibility', 'keyboard-only'],
  'src/speech/': ['speech', 'composer/voice'],
  'src/lib/': ['lib', 'hostile', 'stream-chat', 'transcript/rendering'],
  'src/model/': ['chat', 'core', 'stream-chat', 'protocols'],
  'src/themes/': ['themes'],
  'src/': [
    'stream-chat',
    'properties',
    'core',
    'accessibility',
    'composer/composer',
    'transcript/transcript',
    'launcher',
  ],
};
/** They read built files, or run for minutes and find no fault that another test does not find. */
const never = ['dist', 'docs', 'package', 'loading', 'chaos', 'backends', 'cases'];

/**
 * Returns the test files that belong to a source file, the closest first: those of the same name in the mirrored folder,
 * those that import it, and those of the table.
 */
export function testsOf(root, file) {
  const tests = join(root, 'test');
  const all = readdirSync(tests, {recursive: true})
    .filter((name) => name.endsWith('.test.ts') && !never.includes(name.slice(0, -'.test.ts'.length)))
    .sort();
  const stem = basename(file, '.ts');
  const folder = relative('src', dirname(file));
  const found = new Set(all.filter((name) => name.startsWith(join(folder, stem))));
  const imported = file.replace(/\.ts$/, '.js');
  for (const name of all) {
    const text = readFileSync(join(tests, name), 'utf8');
    for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
      if (relative(root, resolve(tests, dirname(name), specifier)) === imported) found.add(name);
    }
  }
  const [prefix] = Object.keys(others)
    .filter((prefix) => file.startsWith(prefix))
    .sort((a, b) => b.length - a.length);
  for (const other of prefix ? others[prefix] : []) for (const name of all) if (name.startsWith(other)) found.add(name);
  return [...found].map((name) => join('test', name)).filter((name) => existsSync(join(root, name)));
}
