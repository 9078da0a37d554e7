// Runs the server of the fault-injection test (tools/chaos.mjs) in the test runner: a POST to `/__chaos-session`
// creates a session, `/__chaos/…` are its URLs.
import {combinations, secondRequests, unresumable} from '../../tools/chaos/scenarios.mjs';
import {createSession, serve} from '../../tools/chaos/server.mjs';

const names = {runs: combinations, cuts: unresumable, second: secondRequests};

let sessionCount = 0;

async function readJson(req) {
  let text = '';
  for await (const part of req) text += part;
  return JSON.parse(text);
}

async function startSession(ctx) {
  const {seed, count, kind, each} = await readJson(ctx.req);
  const id = `s${sessionCount++}`;
  createSession(
    id,
    names[kind].flatMap((name) => Array.from({length: each}, (_, index) => [name, index])),
    {seed, count},
  );
  ctx.body = {session: `/__chaos/${id}`};
}

/** Middleware for the test runner. */
export const middleware = async (ctx, next) => {
  if (ctx.path === '/__chaos-session' && ctx.method === 'POST') return startSession(ctx);
  if (!ctx.path.startsWith('/__chaos/')) return next();
  // Otherwise Koa would send the response when this function returns; `serve` writes it.
  ctx.respond = false;
  ctx.status = 200;
  serve(ctx.req, ctx.res, '/__chaos').catch((error) => {
    console.error(error);
    ctx.res.destroy();
  });
};
