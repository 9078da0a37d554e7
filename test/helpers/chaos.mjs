// The server of the fault bench (tools/chaos.mjs) in the test runner: `/__chaos/…` is a session's, and a POST to
// `/__chaos-session` makes one.
import {combinations, unresumable} from '../../tools/chaos/plays.mjs';
import {createSession, serve} from '../../tools/chaos/server.mjs';

let made = 0;

async function readJson(req) {
  let text = '';
  for await (const part of req) text += part;
  return JSON.parse(text);
}

async function makeSession(ctx) {
  const {seed, count, kind, each} = await readJson(ctx.req);
  const names = kind === 'cuts' ? unresumable : combinations;
  const id = `s${made++}`;
  createSession(
    id,
    names.flatMap((name) => Array.from({length: each}, (_, index) => [name, index])),
    {seed, count},
  );
  ctx.body = {session: `/__chaos/${id}`};
}

/** What the test runner is given. */
export const middleware = async (ctx, next) => {
  if (ctx.path === '/__chaos-session' && ctx.method === 'POST') return makeSession(ctx);
  if (!ctx.path.startsWith('/__chaos/')) return next();
  // From here on the response is written by hand: Koa would send it when this function returns.
  ctx.respond = false;
  ctx.status = 200;
  serve(ctx.req, ctx.res, '/__chaos').catch((error) => {
    console.error(error);
    ctx.res.destroy();
  });
};
