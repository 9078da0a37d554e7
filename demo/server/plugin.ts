import type {Connect, Plugin} from 'vite';

import {serveChat} from './endpoint.js';

/** Serves `/api/chat`, the endpoint that the demo streams from, in `vite` and in `vite preview`. */
export function demoServer(): Plugin {
  const handle: Connect.NextHandleFunction = (req, res, next) => {
    serveChat(req, res).catch(next);
  };
  return {
    name: 'demo-server',
    configureServer: ({middlewares}) => void middlewares.use('/api/chat', handle),
    configurePreviewServer: ({middlewares}) => void middlewares.use('/api/chat', handle),
  };
}
