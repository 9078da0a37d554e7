import {expect} from '@open-wc/testing';

import {createChat, next, part, parts} from '../helpers/chat.js';
import {openai, openaiChunk, openaiFinish, script, sse} from '../helpers/server.js';

function used(prompt: number, completion: number): string {
  const usage = {prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion};
  return JSON.stringify({object: 'chat.completion.chunk', choices: [], usage});
}

const answer = (prompt: number, completion: number) => sse(openaiChunk('Hi.'), openaiFinish, used(prompt, completion), '[DONE]');

describe('usage', () => {
  it('is summed over the conversation, including replaced answers', async () => {
    const server = await script([answer(10, 5), answer(20, 7), answer(20, 8)]);
    const chat = await createChat({endpoint: server.url});
    expect(chat.usage).to.be.undefined;

    await chat.send('One?');
    expect(chat.usage).to.include({inputTokens: 10, outputTokens: 5, totalTokens: 15});
    await chat.send('Two?');
    await chat.regenerate();

    expect(chat.usage).to.include({inputTokens: 50, outputTokens: 20, totalTokens: 70});
    expect(chat.messages.at(-1)!.usage).to.include({totalTokens: 28});
    chat.clear();
    expect(chat.usage).to.be.undefined;
  });

  it('rejects the next question when the budget is used up', async () => {
    const server = await script([answer(10, 5)], {strict: true});
    const chat = await createChat({endpoint: server.url, budget: '12'});

    await chat.send('One?');
    const failed = next(chat, 'error');
    const message = await chat.send('Two?');

    expect((await failed).detail.error).to.include({code: 'config'});
    expect(message).to.include({status: 'failed', text: ''});
    expect(part(chat, 'error').textContent).to.contain('This conversation has reached its limit. Start a new one.');
    expect(parts(chat, 'retry')).to.have.length(0);
    expect((await server.log()).requests).to.have.length(1);
  });

  it('is rendered with the speed if `details` is set', async () => {
    const server = await script([answer(10, 5)]);
    const chat = await createChat({endpoint: server.url});

    await chat.send('One?');
    expect(parts(chat, 'details')).to.have.length(0);
    chat.setAttribute('details', '');
    await chat.updateComplete;

    expect(part(chat, 'details').textContent).to.match(/^10 tokens in · 5 out|^10 tokens in · 5 tokens out/);
  });

  it('is undefined if the server reports nothing', async () => {
    const server = await script(openai('Hi.'));
    const chat = await createChat({endpoint: server.url, details: '', budget: '1'});

    await chat.send('One?');
    await chat.send('Two?');

    expect(parts(chat, 'details')).to.have.length(0);
    expect(chat.usage).to.be.undefined;
  });
});
