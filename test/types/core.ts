import {ask, StreamChatError, type Message} from 'stream-chat-element/core';
import {anthropic} from 'stream-chat-element/protocols/anthropic.js';

export async function tell(): Promise<string> {
  const answer = ask('https://example.org/api/chat', {
    messages: [{role: 'user', content: 'Hi'}],
    headers: async ({number}) => ({'x-attempt': String(number)}),
    idleTimeout: 5,
    signal: AbortSignal.timeout(1000),
    onReconnect: (attempt, delay, cause) => [attempt.toFixed(), delay.toFixed(), cause instanceof StreamChatError],
  });
  for await (const message of answer) if (message.text.length > 100) answer.stop();
  const message: Message = await answer.finished;
  return message.error?.code === 'network' ? 'again' : message.text;
}

// @ts-expect-error: nothing is asked
ask('/api/chat', {});
// @ts-expect-error: seconds are a number
ask('/api/chat', {messages: 'Hi', idleTimeout: '5'});
anthropic.createDecoder?.();
