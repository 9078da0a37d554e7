import type {Connect, Plugin} from 'vite';

import {serveChat} from './endpoint.js';
import {serveLooks} from './looks.js';

/** Serves `/api/chat`, the endpoint that the demo streams from, and what demo/looks.html needs, in `vite` and in `vite preview`. */
export function demoServer(): Plugin {
  const handle: Connect.NextHandleFunction = (req, res, next) => {
    serveChat(req, res).catch(next);
  };
  return {
    name: 'demo-server',
    configureServer: ({middlewares}) => void middlewares.use('/api/chat', handle).use('/api/looks', serveLooks),
    configurePreviewServer: ({middlewares}) => void middlewares.use('/api/chat', handle).use('/api/looks', serveLooks),
  };
}
