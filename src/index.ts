// Registers <stream-chat>. `./element` is the same without that.
import './define.js';

export * from './element.js';
