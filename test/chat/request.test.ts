import {expect} from '@open-wc/testing';

import {createMessage} from '../../src/model/conversation.js';
import {prompt} from '../../src/protocols/prompt.js';
import {openaiChat} from '../../src/protocols/openai-chat.js';
import {buildRequest} from '../../src/chat/request.js';

const messages = [
  createMessage({role: 'user', text: 'first'}, 'a', 0),
  createMessage({role: 'assistant', text: 'one'}, 'b', 0),
  createMessage({role: 'user', text: 'second & last'}, 'c', 0),
];
const settings = {promptParam: 'prompt', chatId: 'chat'};
const endpoint = {endpoint: '/api?x=1', method: 'POST', baseUrl: 'https://host.example/page/'};

describe('request', () => {
  it('sends the conversation and accepts a stream', () => {
    const {url, method, body, headers} = buildRequest(messages, openaiChat, {...settings, model: 'm', system: 'Be brief.', temperature: 0.5, topP: 0.9, maxTokens: 100}, endpoint);

    expect([url, method, headers.get('content-type')]).to.deep.equal(['https://host.example/api?x=1', 'POST', 'application/json']);
    expect(body).to.include({model: 'm', stream: true, temperature: 0.5, top_p: 0.9});
    expect(body!['messages']).to.deep.equal([
      {role: 'system', content: 'Be brief.'},
      {role: 'user', content: 'first'},
      {role: 'assistant', content: 'one'},
      {role: 'user', content: 'second & last'},
    ]);
  });

  it('sends only the question', () => {
    expect(buildRequest(messages, prompt, {...settings, promptParam: 'question'}, endpoint).body).to.deep.equal({question: 'second & last'});
  });

  it('sends the question as a query parameter', () => {
    const {url, body} = buildRequest(messages, openaiChat, settings, {...endpoint, method: 'get'});

    expect(url).to.equal('https://host.example/api?x=1&prompt=second+%26+last');
    expect(body).to.be.undefined;
  });

  for (const wrong of ['', '  ', 'javascript:alert(1)', 'data:text/plain,x', 'https://']) {
    it(`rejects the endpoint "${wrong}" with an example`, () => {
      expect(() => buildRequest(messages, openaiChat, settings, {...endpoint, endpoint: wrong}))
        .to.throw(/endpoint/)
        .with.property('code', 'config');
    });
  }

  it('rejects an unknown method', () => {
    expect(() => buildRequest(messages, openaiChat, settings, {...endpoint, method: 'PATCH'})).to.throw('"POST" or "GET"');
  });
});
