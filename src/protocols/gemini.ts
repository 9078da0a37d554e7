import type {Message, Part} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {asArray, asNumber, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {base64Of, callInput, systemText} from './encoding.js';
import {readFinish} from './finish-reason.js';
import {createPartialArgs} from './partial-args.js';
import {readProviderError} from './provider-error.js';
import {filesOf, roundsOf, withoutFailed} from './rounds.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';
import {usageDelta} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * Google Gemini, Gemini API and Vertex AI: server-sent events with `alt=sse`, otherwise a JSON array. The endpoint
 * contains the model: `…/models/{model}:streamGenerateContent?alt=sse`.
 * @see https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
 */
export const gemini: Protocol = {
  encode(messages, settings) {
    const system = systemText(messages, settings.system);
    return {
      contents: withoutFailed(messages)
        .filter(({role}) => role !== 'system')
        .flatMap(encodeMessage),
      systemInstruction: system ? {parts: [{text: system}]} : undefined,
      tools: settings.tools?.length
        ? [
            {
              functionDeclarations: settings.tools.map(({name, description, parameters}) => ({
                name,
                description,
                parametersJsonSchema: parameters,
              })),
            },
          ]
        : undefined,
      generationConfig: {
        temperature: settings.temperature,
        topP: settings.topP,
        maxOutputTokens: settings.maxTokens,
        ...(settings.responseFormat && {
          responseMimeType: 'application/json',
          responseJsonSchema: settings.responseFormat,
        }),
      },
    };
  },

  takesFile: ({mediaType}) => /^(?:image\/(?!svg)|audio\/|video\/)|\/pdf$/.test(mediaType),

  createDecoder() {
    const source = createSources();
    const partial = createPartialArgs();
    let calls = 0;
    let codes = 0;
    let open: string | undefined;
    let finished = false;
    let failed = false;
    let isStopLate = false;

    function* readCall(part: Json): Deltas {
      const call = asRecord(part['functionCall']);
      const pieces = asArray(call['partialArgs']);
      const name = asString(call['name']);
      const continues = call['willContinue'] === true;
      if (name) yield* endCall();
      if (part['thoughtSignature']) yield {type: 'native', value: part};

      if (name || (open === undefined && pieces.length > 0)) {
        open = String(calls++);
        const id = asString(call['id']);
        const args = call['args'];
        const whole = pieces.length === 0 && !continues;
        yield {
          type: 'tool-call',
          key: open,
          ...(id && {id}),
          name,
          ...(args !== undefined && {input: JSON.stringify(args)}),
          ...(whole && {complete: true}),
        };
        if (whole) open = undefined;
      }
      if (open === undefined) return;
      for (const piece of pieces) partial.add(asRecord(piece));
      if (pieces.length > 0) yield {type: 'tool-call', key: open, input: partial.json()};
      if (!continues) yield* endCall();
    }

    function* endCall(): Deltas {
      if (open !== undefined) yield {type: 'tool-call', key: open, complete: true};
      open = undefined;
      partial.reset();
    }

    function* readPart(part: Json): Deltas {
      const text = asText(part['text']);
      if (part['functionCall']) yield* readCall(part);
      else if (part['thought'] === true) {
        if (text) yield {type: 'reasoning', text};
      } else {
        if (text) yield {type: 'text', text};
        if (part['thoughtSignature']) {
          const {thoughtSignature} = part;
          yield {type: 'native', value: {text: '', thoughtSignature}};
        }
        const {mimeType, data} = asRecord(part['inlineData']);
        if (mimeType && data) {
          const mediaType = asString(mimeType);
          yield {type: 'file', mediaType, url: `data:${mediaType};base64,${asString(data)}`};
        }
        yield* readCode(part);
      }
    }

    function* readCode(part: Json): Deltas {
      const {executableCode: code, codeExecutionResult} = part;
      if (code) {
        const id = `code-${++codes}`;
        yield {
          type: 'tool-call',
          key: id,
          id,
          name: 'code_execution',
          input: JSON.stringify(code),
          server: true,
          complete: true,
        };
      }
      if (!codeExecutionResult) return;
      const {outcome, output} = asRecord(codeExecutionResult);
      const isError = asString(outcome) !== 'OUTCOME_OK';
      const error = asString(output) || asString(outcome);
      yield {type: 'tool-result', id: `code-${codes}`, result: output ?? null, ...(isError && {error})};
    }

    function* readCandidate(candidate: Json): Deltas {
      for (const part of asArray(asRecord(candidate['content'])['parts'])) yield* readPart(asRecord(part));
      for (const chunk of asArray(asRecord(candidate['groundingMetadata'])['groundingChunks'])) {
        const {uri, title} = asRecord(asRecord(chunk)['web'] ?? asRecord(chunk)['retrievedContext']);
        yield* source(uri, title);
      }
      const {citationMetadata} = candidate;
      const {citationSources, citations} = asRecord(citationMetadata);
      for (const citation of asArray(citationSources ?? citations)) {
        yield* source(asRecord(citation)['uri'], asRecord(citation)['title']);
      }
      const ends = readFinish(candidate['finishReason'], calls > 0);
      // Some servers write STOP into every chunk, so it proves nothing there before the body ends.
      if (ends.length === 0) isStopLate = true;
      finished ||= ends.length > 0;
      yield* ends;
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.data === '' || frame.data === '[DONE]') return;
        // An error in the middle of the stream is outside of any event.
        const json = frame.event === 'bare' ? frame.maybeJson : frame.json;
        const chunk = asRecord(asArray(json)[0] ?? json);
        if (chunk['error']) {
          failed = true;
          return yield {type: 'error', error: readProviderError(chunk)};
        }
        // Vertex and some gateways wrap the chunk.
        const body = chunk['response'] && !chunk['candidates'] ? asRecord(chunk['response']) : chunk;
        if (frame.event === 'bare') return;
        const candidates = asArray(body['candidates']).map(asRecord);
        for (const candidate of candidates) if (!candidate['index']) yield* readCandidate(candidate);
        const blocked = asString(asRecord(body['promptFeedback'])['blockReason']);
        if (blocked) {
          finished = true;
          yield {type: 'finish', reason: 'content-filter', native: `blocked:${blocked}`};
        }
        if (body['usageMetadata']) yield geminiUsage(body['usageMetadata']);
        if (candidates.length === 0 && !blocked && !body['usageMetadata']) yield {type: 'unknown', event: ''};
      },
      *end(): Deltas {
        yield* endCall();
        if (finished && !failed) yield {type: 'end'};
      },
      isWhole: () => finished && isStopLate && !failed,
    };
  },
};

function geminiUsage(native: unknown) {
  const usage = asRecord(native);
  const answer = asNumber(usage['candidatesTokenCount']);
  const thoughts = asNumber(usage['thoughtsTokenCount']);
  return usageDelta(native, {
    inputTokens: usage['promptTokenCount'],
    outputTokens: answer === undefined && thoughts === undefined ? undefined : (answer ?? 0) + (thoughts ?? 0),
    totalTokens: usage['totalTokenCount'],
    reasoningTokens: thoughts,
    cachedTokens: usage['cachedContentTokenCount'],
  });
}

function encodeMessage(message: Message): object[] {
  if (message.role === 'assistant') {
    return roundsOf(message).flatMap(({parts, calls}) => [
      {role: 'model', parts: encodeParts(parts)},
      ...(calls.length > 0
        ? [
            {
              role: 'user',
              parts: calls.map(({id, name, result, error}) => ({
                functionResponse: {
                  name,
                  ...(isTheirs(parts, id) && {id}),
                  response: error === undefined ? {output: result ?? null} : {error},
                },
              })),
            },
          ]
        : []),
    ]);
  }
  const files = filesOf(message).map(({url, mediaType}) => {
    const inline = base64Of(url);
    return inline
      ? {inlineData: {mimeType: inline.mediaType || mediaType, data: inline.data}}
      : {fileData: {mimeType: mediaType, fileUri: url}};
  });
  return [{role: 'user', parts: [...(message.text ? [{text: message.text}] : []), ...files]}];
}

/** Returns whether an ID was assigned by the model. Generated IDs are not sent. */
function isTheirs(parts: readonly Part[], id: string): boolean {
  return parts.some((part) => part.type === 'native' && asRecord(asRecord(part.value)['functionCall'])['id'] === id);
}

function encodeParts(parts: readonly Part[]): object[] {
  // A call with a signature is sent back unchanged; its native part precedes the call decoded from it.
  let signed: object | undefined;
  return parts.flatMap((part): object[] => {
    if (part.type === 'native') {
      const value = asRecord(part.value);
      if (!value['thoughtSignature']) return [];
      if (!value['functionCall']) return [value];
      signed = value;
      return [];
    }
    if (part.type === 'text' || part.type === 'refusal') return part.text ? [{text: part.text}] : [];
    if (part.type !== 'tool-call' || part.server) return [];
    const call = signed ?? {functionCall: {name: part.name, args: callInput(part)}};
    signed = undefined;
    return [call];
  });
}
