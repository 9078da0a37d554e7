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

  for (const [template, url] of [
    ['/api?prompt={prompt}', 'https://host.example/api?prompt=second%20%26%20last'],
    ['/api/{prompt}/stream', 'https://host.example/api/second%20%26%20last/stream'],
    ['/api?q={prompt}&again={prompt}', 'https://host.example/api?q=second%20%26%20last&again=second%20%26%20last'],
  ] as const) {
    for (const method of ['GET', 'POST']) {
      it(`puts the question into ${template} of a ${method}`, () => {
        const request = buildRequest(messages, openaiChat, settings, {...endpoint, endpoint: template, method});

        expect(request.url).to.equal(url);
        expect(Boolean(request.body)).to.equal(method === 'POST');
      });
    }
  }

  for (const text of ['..', '.', '../admin', '?a=b#c', '{prompt}', '$&', '\ud800', '%2e%2e', '\\..\\admin']) {
    it(`keeps the question ${JSON.stringify(text)} in its place`, () => {
      const question = [createMessage({role: 'user', text}, '1', 0)];
      const build = (template: string) => new URL(buildRequest(question, openaiChat, settings, {...endpoint, endpoint: template}).url);

      expect(build('/api/{prompt}/stream').pathname).to.match(/^[/]api[/][^/]+[/]stream$/);
      expect(build('/api?prompt={prompt}').searchParams.get('prompt')).to.equal(text.replace('\ud800', '\ufffd'));
    });
  }

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
