import {expect} from '@open-wc/testing';

import {isStreamChatError, StreamChatError} from '../../src/model/errors.js';
import {messageOf} from '../../src/model/thrown.js';
import {unreadable} from '../helpers/unreadable.js';

describe('what was thrown', () => {
  for (const [thrown, message] of [
    [new Error('Down.'), 'Down.'],
    [new StreamChatError('tool', 'Failed.'), 'Failed.'],
    ['words', 'words'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [Object.assign(new Error('x'), {message: 5}), '5'],
  ] as const) {
    it(`has the message ${JSON.stringify(message)}`, () => expect(messageOf(thrown)).to.equal(message));
  }

  for (const [name, create] of Object.entries(unreadable)) {
    it(`is described although it is ${name}`, () => {
      expect(messageOf(create())).to.be.a('string').that.is.not.empty;
      expect(isStreamChatError(create())).to.be.false;
      const error = StreamChatError.from(create(), 'tool');
      expect(error).to.include({code: 'tool', name: 'StreamChatError'});
      expect(error.message).to.be.a('string').that.is.not.empty;
    });
  }
});
