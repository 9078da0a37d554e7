import {expect} from '@open-wc/testing';

import {Frame} from '../../src/wire/framing.js';
import {gemini} from '../../src/protocols/gemini.js';
import {createPartialArgs} from '../../src/protocols/partial-args.js';
import {call, fullSettings, message, readCut, sent, sse, toolConversation} from '../helpers/streams.js';

const chunk = (parts: object[], more: object = {}) => ({candidates: [{content: {role: 'model', parts}, ...more}]});
const stop = {
  candidates: [{finishReason: 'STOP'}],
  usageMetadata: {promptTokenCount: 2, candidatesTokenCount: 3, thoughtsTokenCount: 4, totalTokenCount: 9},
};

describe('protocols/gemini', () => {
  it('decodes text and thoughts from CRLF events', () => {
    const body = sse(
      chunk([{text: 'Hm', thought: true}]),
      chunk([{text: 'Grüß '}, {text: 'Gott'}]),
      chunk([{text: ''}]),
      stop,
    ).replaceAll('\n', '\r\n');

    const collected = readCut(body, gemini);

    expect(collected).to.include({text: 'Grüß Gott', reasoning: 'Hm', finish: 'STOP', reason: 'stop', ended: true});
    expect(collected.counts).to.deep.equal({inputTokens: 2, outputTokens: 7, totalTokens: 9, reasoningTokens: 4});
  });

  it('decodes a pretty-printed array', () => {
    const body = JSON.stringify([chunk([{text: 'One '}]), chunk([{text: 'two'}]), stop], undefined, 2);

    expect(readCut(body, gemini, {framing: 'json'})).to.include({text: 'One two', ended: true});
  });

  it('ends with the body after a finish reason', () => {
    expect(readCut(sse(chunk([{text: 'Hi'}])), gemini)).to.include({text: 'Hi', ended: false});
    expect(
      readCut(
        sse(chunk([{text: 'Hi'}], {finishReason: 'STOP'}), chunk([{text: ' there'}], {finishReason: 'STOP'})),
        gemini,
      ),
    ).to.include({text: 'Hi there', ended: true});
    expect(readCut(sse(stop), gemini, {lost: true}).ended).to.equal(false);
  });

  it('decodes function calls, and sends signed ones back unchanged', () => {
    const signed = {functionCall: {name: 'add', args: {a: 1}, id: 'g1'}, thoughtSignature: 'sig'};
    const {toolCalls, natives, reason} = readCut(sse(chunk([signed, {functionCall: {name: 'now'}}]), stop), gemini);

    expect(toolCalls.map(({id, name, arguments: input, complete}) => [id, name, input, complete])).to.deep.equal([
      ['g1', 'add', '{"a":1}', true],
      [null, 'now', '', true],
    ]);
    expect(reason).to.equal('tool-calls');

    const answer = message('assistant', [
      {type: 'native', value: natives[0]},
      call('g1'),
      call('made-up', {name: 'now', arguments: ''}),
    ]);
    expect(sent(gemini, [answer])['contents']).to.deep.equal([
      {role: 'model', parts: [signed, {functionCall: {name: 'now', args: {}}}]},
      {
        role: 'user',
        parts: [
          {functionResponse: {name: 'add', id: 'g1', response: {output: {sum: 2}}}},
          {functionResponse: {name: 'now', response: {output: {sum: 2}}}},
        ],
      },
    ]);
  });

  it('assembles partial arguments, also where the end is missing', () => {
    const part = (functionCall: object) => chunk([{functionCall}]);
    const body = sse(
      part({name: 'plan', willContinue: true}),
      part({partialArgs: [{jsonPath: '$.steps[0].do', stringValue: 'wa', willContinue: true}], willContinue: true}),
      part({
        partialArgs: [
          {jsonPath: '$.steps[0].do', stringValue: 'it'},
          {jsonPath: '$.n', numberValue: 2},
        ],
        willContinue: true,
      }),
      part({}),
      part({name: 'second', willContinue: true}),
      part({partialArgs: [{jsonPath: "$['a b']", boolValue: true}], willContinue: true}),
      stop,
    );

    expect(
      readCut(body, gemini).toolCalls.map(({name, arguments: input, complete}) => [name, input, complete]),
    ).to.deep.equal([
      ['plan', '{"steps":[{"do":"wait"}],"n":2}', true],
      ['second', '{"a b":true}', true],
    ]);
  });

  it('does not follow paths into prototypes or far indexes', () => {
    const args = createPartialArgs();
    for (const jsonPath of ['$.__proto__.bad', '$.constructor.prototype.bad', '$.a[99999999]', ''])
      args.add({jsonPath, stringValue: 'x'});

    expect(({} as Record<string, unknown>)['bad']).to.equal(undefined);
    expect(args.json().length).to.be.lessThan(200);
  });

  it('decodes what is blocked, and holes', () => {
    expect(readCut(sse({promptFeedback: {blockReason: 'SAFETY'}}), gemini)).to.include({
      finish: 'blocked:SAFETY',
      reason: 'content-filter',
      ended: true,
    });
    expect(
      readCut(
        sse({candidates: [{}]}, {candidates: [{content: {}}]}, {candidates: [{finishReason: 'MAX_TOKENS'}]}),
        gemini,
      ),
    ).to.include({reason: 'length', ended: true});
  });

  it('lists sources, images and code', () => {
    const metadata = {groundingMetadata: {groundingChunks: [{web: {uri: 'https://a.test/', title: 'A'}}]}};
    const parts = [
      {inlineData: {mimeType: 'image/png', data: 'AA=='}},
      {executableCode: {language: 'PYTHON', code: '1'}},
      {codeExecutionResult: {outcome: 'OUTCOME_OK', output: '1'}},
    ];

    const {sources, files, toolCalls, reason} = readCut(sse(chunk(parts, metadata), stop), gemini);

    expect(sources).to.deep.equal([{url: 'https://a.test/', title: 'A'}]);
    expect(files).to.deep.equal([{url: 'data:image/png;base64,AA==', mediaType: 'image/png'}]);
    expect(toolCalls[0]).to.include({name: 'code_execution', server: true, result: '1'});
    expect(reason).to.equal('stop');
  });

  it('reports errors in an event, in an array, and outside of events', () => {
    const error = {code: 429, message: 'Too many', status: 'RESOURCE_EXHAUSTED'};

    expect(readCut(sse(chunk([{text: 'Hi'}]), {error}), gemini).error).to.include({
      code: 'rate-limit',
      message: 'Too many',
      status: 429,
    });
    expect(readCut(JSON.stringify([{error}]), gemini, {framing: 'json'}).error).to.include({message: 'Too many'});
    const [delta] = gemini.createDecoder!().decode(new Frame(JSON.stringify({error}, undefined, 2), 'bare'));
    expect(delta).to.have.property('type', 'error');
  });

  it('encodes the conversation with its tool rounds, and the settings', () => {
    const body = sent(gemini, toolConversation, fullSettings);

    expect(body['contents']).to.deep.equal([
      {role: 'user', parts: [{text: 'What is 1 + 1?'}]},
      {
        role: 'model',
        parts: [
          {text: 'Let me see.'},
          {functionCall: {name: 'add', args: {a: 1}}},
          {functionCall: {name: 'add', args: {a: 1}}},
        ],
      },
      {
        role: 'user',
        parts: [
          {functionResponse: {name: 'add', response: {output: {sum: 2}}}},
          {functionResponse: {name: 'add', response: {error: 'No such thing'}}},
        ],
      },
      {role: 'model', parts: [{text: 'It is 2.'}]},
      {role: 'user', parts: [{text: 'Thanks'}]},
    ]);
    expect(body['systemInstruction']).to.deep.equal({parts: [{text: 'Be brief.'}]});
    expect(body['generationConfig']).to.deep.equal({
      temperature: 0.5,
      topP: 0.9,
      maxOutputTokens: 100,
      responseMimeType: 'application/json',
      responseJsonSchema: fullSettings.responseFormat,
    });
  });
});
