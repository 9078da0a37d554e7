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

/** Names of counts as servers write them, without their case and separators. */
const countNames: readonly (readonly [Count, RegExp])[] = [
  ['inputTokens', /^(?:total)?(?:input|prompt)(?:tokens|tokencount|count)$/],
  ['outputTokens', /^(?:total)?(?:output|completion|candidates|generated)(?:tokens|tokencount|count)$/],
  ['totalTokens', /^(?:total)?token(?:s|count)$|^totaltokencount$/],
  ['reasoningTokens', /^(?:total)?(?:reasoning|thoughts?|reasoningoutput)token(?:s|count)$/],
  ['cachedTokens', /^(?:total)?(?:cached(?:input|content)?|cachereadinput)token(?:s|count)$/],
];

/** Decodes the usage of any server by the names of its counts. Returns no delta where there are none. */
export function anyUsage(native: unknown): readonly Delta[] {
  const counts: Partial<Record<Count, unknown>> = {};
  const nested = Object.values(asRecord(native)).flatMap((value) => Object.entries(asRecord(value)));
  for (const [key, value] of [...Object.entries(asRecord(native)), ...nested]) {
    const plain = key.replace(/[_-]/g, '').toLowerCase();
    const name = countNames.find(([, pattern]) => pattern.test(plain))?.[0];
    if (name && asNumber(value) !== undefined) counts[name] ??= value;
  }
  return Object.values(counts).some((count) => count !== 0) ? [usageDelta(native, counts)] : [];
}
