// Type-checks the pages: exactly the lines after a "wrong:" comment must have errors.
import {readdirSync, readFileSync} from 'node:fs';
import {join, relative, resolve} from 'node:path';
import {stripVTControlCharacters} from 'node:util';

import {run} from './run.mjs';

const forms = [
  // tsc, vue-tsc
  /^(?<file>[^\s(]+)\((?<line>\d+),\d+\): error (?<text>.*)/gm,
  // ngc
  /^(?<file>[^\s:]+):(?<line>\d+):\d+ - error (?<text>.*)/gm,
  // svelte-check
  /^\d+ ERROR "(?<file>[^"]+)" (?<line>\d+):\d+ (?<text>.*)/gm,
];

/** Returns the lines that must have a type error, as `file:line`. */
function listWrong(folder) {
  return readdirSync(folder)
    .filter((name) => /^wrong\./i.test(name))
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .flatMap((line, i) => (/^\s*(\/\/|<!--) wrong:/.test(line) ? [`${name}:${i + 2}`] : [])),
    );
}

/** Runs a type checker on a page. Returns the number of lines with errors; throws unless they are exactly the marked ones. */
export async function checkTypes(folder, name, [command, ...args]) {
  const cwd = join(folder, name);
  const text = stripVTControlCharacters(await run(folder, command, args, {cwd, statuses: [0, 1, 2]}));
  const refused = new Map();
  for (const form of forms) {
    for (const {groups} of text.matchAll(form))
      refused.set(`${relative(cwd, resolve(cwd, groups.file))}:${groups.line}`, groups.text);
  }
  const wrong = listWrong(cwd);
  const problems = [
    ...wrong.filter((place) => !refused.has(place)).map((place) => `${place} should have a type error`),
    ...[...refused].filter(([place]) => !wrong.includes(place)).map(([place, why]) => `${place} ${why}`),
  ];
  if (wrong.length === 0) problems.push('there is no file with wrong types');
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\n${refused.size === 0 ? text : ''}`);
  return wrong.length;
}
