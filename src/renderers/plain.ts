import {stripInvisible} from '../lib/strip-invisible.js';
import {GrowingText} from './markdown/growing-text.js';
import type {CreateRenderer} from './renderer.js';

/** Renders the text unchanged, line breaks included. */
export const plain: CreateRenderer = (container) => {
  const text = new GrowingText(container);
  container.dir = 'auto';
  return {
    write: (addition) => text.append(stripInvisible(addition)),
    end: () => {},
  };
};
