import type {Delta, Usage} from '../model/conversation.js';
import {asNumber, asRecord} from './protocol.js';

type Count = Exclude<keyof Usage, 'native'>;

/** Returns a usage delta with the provider's object and the counts found in it. Omits counts that are not numbers. */
export function usageDelta(native: unknown, counts: Partial<Record<Count, unknown>>): Delta {
  const known = Object.entries(counts).filter(([, value]) => asNumber(value) !== undefined);
  return {type: 'usage', usage: {...(Object.fromEntries(known) as Partial<Record<Count, number>>), native}};
}

/** Decodes the usage of OpenAI (both APIs), compatible servers, and LangChain. */
export function openaiUsage(native: unknown): Delta {
  const usage = asRecord(native);
  const input = usage['prompt_tokens_details'] ?? usage['input_tokens_details'] ?? usage['input_token_details'];
  const output = usage['completion_tokens_details'] ?? usage['output_tokens_details'] ?? usage['output_token_details'];
  return usageDelta(native, {
    inputTokens: usage['prompt_tokens'] ?? usage['input_tokens'],
    outputTokens: usage['completion_tokens'] ?? usage['output_tokens'],
    totalTokens: usage['total_tokens'],
    reasoningTokens: asRecord(output)['reasoning_tokens'] ?? asRecord(output)['reasoning'],
    cachedTokens: asRecord(input)['cached_tokens'] ?? asRecord(input)['cache_read'],
  });
}
