// Runs the command-line tools of the frameworks.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';

/** Runs a command from the packages of the pages. If it fails, throws an error with its whole output. */
export async function run(folder, command, args, {cwd = folder, env = {}, statuses = [0]} = {}) {
  const child = spawn(join(folder, 'node_modules/.bin', command), args, {
    cwd,
    env: {...process.env, NG_CLI_ANALYTICS: 'false', NO_COLOR: '1', FORCE_COLOR: undefined, ...env},
    shell: process.platform === 'win32',
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += data));
  const [status] = await once(child, 'close');
  if (!statuses.includes(status)) throw new Error(`${command} ${args.join(' ')} failed with exit code ${status}\n${text}`);
  return text;
}
