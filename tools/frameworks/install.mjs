// Installs the packed element and the frameworks for the pages.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';

/** Error codes of npm if no registry can be reached. */
const noNetwork =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|E50[0-9]|E403|E407)\b/;

/** Thrown if the packages cannot be downloaded, which is not a failure of the pages. */
export class NoPackages extends Error {}

function npm(cwd, ...args) {
  // Short timeouts, to fail early without a network.
  const timeouts = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const {status, stdout, stderr, error} = spawnSync('npm', [...args, ...timeouts], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: {...process.env, NODE_ENV: undefined},
  });
  if (error) throw error;
  if (status === 0) return stdout;
  const errors = stderr.split('\n').filter((line) => line.startsWith('npm error'));
  if (noNetwork.test(errors.join('\n'))) throw new NoPackages(errors.find((line) => noNetwork.test(line)));
  throw new Error(`npm ${args.join(' ')} failed with exit code ${status}\n${errors.join('\n')}`);
}

const hash = (...files) =>
  files.reduce((sum, file) => sum.update(readFileSync(file)), createHash('sha256')).digest('hex');

/** Packs the built project as it would be published. Returns the path of the tarball. */
export function pack(root, folder) {
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
  const [{filename}] = JSON.parse(npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  return join(folder, filename);
}

/**
 * Installs the packages of the lock file in `folder`, then the tarball with its dependencies; skips either if it is
 * up to date. The tarball cannot be in the lock file because it changes with each build.
 */
export function install(folder, tarball) {
  const stamps = join(folder, 'node_modules/.stream-chat.json');
  const wanted = {lock: hash(join(folder, 'package.json'), join(folder, 'package-lock.json')), element: hash(tarball)};
  const has = existsSync(stamps) ? JSON.parse(readFileSync(stamps, 'utf8')) : {};
  if (has.lock !== wanted.lock) npm(folder, 'ci');
  if (has.lock !== wanted.lock || has.element !== wanted.element) {
    rmSync(stamps, {force: true});
    npm(folder, 'install', '--no-save', '--no-package-lock', '--prefer-offline', resolve(tarball));
    writeFileSync(stamps, JSON.stringify(wanted));
  }
}
