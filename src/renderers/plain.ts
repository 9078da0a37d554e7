import {stripInvisible} from '../lib/strip-invisible.js';
import type {CreateRenderer} from './renderer.js';

/** Renders the text unchanged, line breaks included, in one growing text node. */
export const plain: CreateRenderer = (container) => {
  const node = document.createTextNode('');
  container.append(node);
  container.dir = 'auto';
  return {
    write: (text) => node.appendData(stripInvisible(text)),
    end: () => {},
  };
};
