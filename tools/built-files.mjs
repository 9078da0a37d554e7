import {createReadStream} from 'node:fs';
import {realpath} from 'node:fs/promises';
import {extname, join, sep} from 'node:path';
import {fileURLToPath} from 'node:url';

const PREFIX = '/__dist/';
const TYPES = {'.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css'};

/**
 * Serves `dist/` under `/__dist/` unchanged. The test runner modifies every module that it serves itself, so that
 * integrity hashes would not match.
 */
export function builtFiles(root = fileURLToPath(new URL('../dist', import.meta.url))) {
  return async (ctx, next) => {
    if (!ctx.path.startsWith(PREFIX)) return next();
    const file = await realpath(join(root, decodeURIComponent(ctx.path.slice(PREFIX.length)))).catch(() => undefined);
    if (!file?.startsWith(root + sep)) {
      ctx.status = 404;
      return;
    }
    ctx.set('content-type', `${TYPES[extname(file)] ?? 'application/octet-stream'}; charset=utf-8`);
    ctx.set('cache-control', 'no-store');
    ctx.body = createReadStream(file);
  };
}
