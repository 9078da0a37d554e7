import {expect} from '@open-wc/testing';

import {watsonx} from '../../src/protocols/watsonx.js';
import {fullSettings, message, readCut, sent, sse} from '../helpers/streams.js';

const result = (generated_text: string, generated_token_count: number, stop_reason = 'not_finished') => ({
  results: [
    {generated_text, generated_token_count, input_token_count: generated_token_count === 0 ? 8 : 0, stop_reason},
  ],
});

describe('protocols/watsonx', () => {
  it('decodes text, usage and the finish reason', () => {
    const collected = readCut(
      sse(result('', 0), result('the ', 1), result('sun', 2), result('', 3, 'max_tokens')),
      watsonx,
    );

    expect(collected).to.include({text: 'the sun', finish: 'max_tokens', reason: 'length', ended: true});
    expect(collected.counts).to.deep.equal({inputTokens: 8, outputTokens: 3});
    expect(readCut(sse(result('the', 1)), watsonx).ended).to.equal(false);
  });

  it('reports errors', () => {
    expect(readCut(sse({errors: [{code: 'x', message: 'Broken'}]}), watsonx).error).to.include({message: 'Broken'});
  });

  it('encodes the question', () => {
    expect(sent(watsonx, [message('user', 'Hi')], fullSettings)).to.deep.equal({
      model_id: 'model-1',
      input: 'Hi',
      parameters: {temperature: 0.5, top_p: 0.9, max_new_tokens: 100},
    });
  });
});
