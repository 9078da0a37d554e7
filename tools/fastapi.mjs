// Finds a Python with FastAPI and uvicorn, and installs Debian's packages in CI.
//   node tools/fastapi.mjs     prints the versions found
import {execFile} from 'node:child_process';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';

import {isCi, isRoot} from './browsers.mjs';

const run = promisify(execFile);
const PACKAGES = ['python3-fastapi', 'python3-uvicorn'];

async function version(python) {
  try {
    const {stdout} = await run(python, ['-c', 'import fastapi, uvicorn; print(fastapi.__version__)']);
    return stdout.trim();
  } catch {
    return undefined; // Python or the packages are missing: it cannot be used either way.
  }
}

async function find() {
  // The system's Python first, because Debian's packages belong to it.
  for (const python of [process.env.PYTHON, '/usr/bin/python3', 'python3'].filter(Boolean)) {
    const found = await version(python);
    if (found) return {python, version: found};
  }
  return undefined;
}

/** Returns `{python, version}`, or `{missing}` with instructions. Installs missing packages as root if `CI` is set. */
export async function ensureFastapi() {
  let found = await find();
  let problem = '';
  if (!found && isRoot && isCi) {
    const env = {...process.env, DEBIAN_FRONTEND: 'noninteractive'};
    try {
      await run('apt-get', ['update', '-q'], {env});
      await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...PACKAGES], {env});
      found = await find();
    } catch (error) {
      problem = ` (${error.message.split('\n')[0]})`;
    }
  }
  return found ?? {missing: `FastAPI is not installed${problem}. Run \`sudo apt-get install ${PACKAGES.join(' ')}\`.`};
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const {python, version, missing} = await ensureFastapi();
  console.log(missing ?? `FastAPI ${version} with ${python}`);
}
