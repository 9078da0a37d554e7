import {createReadStream} from 'node:fs';
import {readdir, realpath, stat} from 'node:fs/promises';
import {dirname, extname, join, resolve, sep} from 'node:path';
import {fileURLToPath} from 'node:url';

const PREFIX = '/__shared/';
const TYPES = {'.json': 'application/json; charset=utf-8', '.md': 'text/markdown; charset=utf-8'};

/**
 * Serves the folder `shared` next to the project under `/__shared/`, for tests that read recorded streams.
 * A path that ends in `/` returns the names in that folder as JSON; names of folders end in `/`.
 * If the folder does not exist (most machines), every path returns 404 with a JSON body.
 */
export function sharedFiles(root = resolve(dirname(fileURLToPath(import.meta.url)), '../../shared')) {
  const fail = (ctx, status, error) => {
    ctx.status = status;
    ctx.type = 'application/json';
    ctx.body = JSON.stringify({error});
  };
  return async (ctx, next) => {
    if (!ctx.path.startsWith(PREFIX)) return next();
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return fail(ctx, 405, 'only GET');
    try {
      const name = decodeURIComponent(ctx.path.slice(PREFIX.length));
      const base = await realpath(root);
      const file = await realpath(join(base, name));
      if (file !== base && !file.startsWith(base + sep)) return fail(ctx, 403, 'outside of the shared folder');
      const info = await stat(file);
      if (info.isDirectory()) {
        if (!ctx.path.endsWith('/')) return fail(ctx, 404, 'a folder: its path ends in /');
        const entries = await readdir(file, {withFileTypes: true});
        ctx.type = 'application/json';
        ctx.body = JSON.stringify(entries.map((e) => (e.isDirectory() ? `${e.name}/` : e.name)).sort());
        return;
      }
      ctx.set('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      ctx.set('cache-control', 'no-store');
      ctx.length = info.size;
      ctx.body = createReadStream(file);
    } catch {
      // Missing, unreadable, or a path that cannot be decoded: no difference to the test.
      fail(ctx, 404, `no ${ctx.path}`);
    }
  };
}
