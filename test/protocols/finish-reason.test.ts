import {expect} from '@open-wc/testing';

import {readFinish} from '../../src/protocols/finish-reason.js';

const known = {
  stop: ['stop', 'STOP', 'end_turn', 'eos', 'eos_token', 'stop_sequence', 'Stop', 'COMPLETE', 'because'],
  length: ['length', 'max_tokens', 'MAX_TOKENS', 'maxTokens', 'max_output_tokens', 'model_length', 'token_limit', 'time_limit', 'model_context_window_exceeded'],
  'tool-calls': ['tool_calls', 'tool-calls', 'tool_use', 'function_call', 'TOOL_CALL'],
  'content-filter': ['content_filter', 'content-filter', 'SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'LANGUAGE', 'IMAGE_SAFETY', 'refusal', 'sensitive', 'ERROR_TOXIC', 'guardrail_intervened'],
};

describe('protocols/finish-reason', () => {
  for (const [reason, words] of Object.entries(known)) {
    it(`reads ${words.join(', ')} as ${reason}`, () => {
      for (const native of words) expect(readFinish(native), native).to.deep.equal([{type: 'finish', reason, native}]);
    });
  }

  it('reports words that mean failure as errors with that word', () => {
    for (const native of ['error', 'ERROR', 'failed', 'abort', 'aborted', 'cancelled', 'insufficient_system_resource', 'MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'timeout', 'timed_out', 'TIMEOUT', 'expired', 'network_error', 'rate_limit']) {
      const [finish, failure] = readFinish(native);

      expect(finish, native).to.include({type: 'finish', native});
      expect(failure?.type === 'error' && failure.error, native).to.include({code: 'provider'}).and.have.property('message').that.contains(native);
    }
  });

  it('ignores empty words, "null", and what is no word', () => {
    for (const native of ['', 'null', 'NULL', 'none', 'not_finished', 'FINISH_REASON_UNSPECIFIED', null, undefined, 3, {}]) {
      expect(readFinish(native), String(native)).to.deep.equal([]);
    }
  });

  it('reads a stop with tool calls as a request for their results', () => {
    expect(readFinish('stop', true)).to.deep.equal([{type: 'finish', reason: 'tool-calls', native: 'stop'}]);
    expect(readFinish('length', true)).to.deep.equal([{type: 'finish', reason: 'length', native: 'length'}]);
  });
});
