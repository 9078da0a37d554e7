import {expect} from '@open-wc/testing';

import {createMessage, type Message, type Part} from '../../src/model/conversation.js';
import '../../src/chat/answering.js';
import '../../src/index.js';
import {getProtocol} from '../../src/protocols/protocol.js';
import {buildRequest, prepareFiles} from '../../src/chat/request.js';

const png: Part = {type: 'file', name: 'dot.png', mediaType: 'image/png', url: 'data:image/png;base64,AA=='};
const pdf: Part = {type: 'file', name: 'report.pdf', mediaType: 'application/pdf', url: 'data:application/pdf;base64,BB=='};
const text: Part = {type: 'file', name: 'größe.txt', mediaType: 'text/plain', url: `data:text/plain;base64,${btoa('gr\xc3\xb6\xc3\x9fer')}`};
const zip: Part = {type: 'file', name: 'all.zip', mediaType: 'application/zip', url: 'data:application/zip;base64,CC=='};
const settings = {promptParam: 'prompt', chatId: 'chat', model: 'm'};
const endpoint = {endpoint: '/api', method: 'POST', baseUrl: 'https://host.example/'};
const told = 'Look.\n\n<file name="größe.txt">\ngrößer\n</file>';

function question(...parts: Part[]): Message {
  return createMessage({text: 'Look.', parts}, 'q', 0);
}

async function bodyOf(format: string, ...messages: Message[]): Promise<any> {
  const protocol = await getProtocol(format);
  return buildRequest(await prepareFiles(messages, protocol, 'POST'), protocol, settings, endpoint).body;
}

/** What a body carries of a question with a picture and a text. */
const pictures: Record<string, [find: (body: any) => unknown, expected: unknown]> = {
  'openai-chat': [
    (body) => body.messages[0].content,
    [{type: 'text', text: told}, {type: 'image_url', image_url: {url: png.url}}],
  ],
  'openai-responses': [
    (body) => body.input[0].content,
    [{type: 'input_text', text: told}, {type: 'input_image', image_url: png.url}],
  ],
  'openai-realtime': [
    (body) => body.events.find(({item}: any) => item)?.item.content,
    [{type: 'input_text', text: told}, {type: 'input_image', image_url: png.url}],
  ],
  anthropic: [
    (body) => body.messages[0].content,
    [{type: 'image', source: {type: 'base64', media_type: 'image/png', data: 'AA=='}}, {type: 'text', text: told}],
  ],
  gemini: [
    (body) => body.contents[0].parts,
    [{text: told}, {inlineData: {mimeType: 'image/png', data: 'AA=='}}],
  ],
  ollama: [(body) => body.messages, [{role: 'user', content: told, images: ['AA==']}]],
  cohere: [
    (body) => body.messages[0].content,
    [{type: 'text', text: told}, {type: 'image_url', image_url: {url: png.url}}],
  ],
  mastra: [(body) => body.messages[0].content, [
    {type: 'text', text: 'Look.'},
    {type: 'image', image: png.url},
    {type: 'file', data: text.url, filename: 'größe.txt', mimeType: 'text/plain', mediaType: 'text/plain'},
  ]],
  langserve: [
    (body) => body.input.messages[0].content,
    [{type: 'text', text: told}, {type: 'image_url', image_url: {url: png.url}}],
  ],
  langgraph: [
    (body) => body.input.messages[0].content,
    [{type: 'text', text: told}, {type: 'image_url', image_url: {url: png.url}}],
  ],
  'ag-ui': [
    (body) => body.messages[0].content,
    [
      {type: 'text', text: 'Look.'},
      {type: 'image', source: {type: 'data', value: 'AA==', mimeType: 'image/png'}, metadata: {filename: 'dot.png'}},
      {
        type: 'document',
        source: {type: 'data', value: text.url.split(',')[1], mimeType: 'text/plain'},
        metadata: {filename: 'größe.txt'},
      },
    ],
  ],
  'ai-sdk-ui': [
    (body) => body.messages[0].parts,
    [
      {type: 'text', text: 'Look.'},
      {type: 'file', mediaType: 'image/png', url: png.url, filename: 'dot.png'},
      {type: 'file', mediaType: 'text/plain', url: text.url, filename: 'größe.txt'},
    ],
  ],
  'ai-sdk-data': [
    (body) => body.messages[0].experimental_attachments,
    [
      {name: 'dot.png', url: png.url, contentType: 'image/png'},
      {name: 'größe.txt', url: text.url, contentType: 'text/plain'},
    ],
  ],
  flowise: [
    (body) => body.uploads,
    [
      {data: png.url, type: 'file', name: 'dot.png', mime: 'image/png'},
      {data: text.url, type: 'file', name: 'größe.txt', mime: 'text/plain'},
    ],
  ],
};

/** The formats that have no place for a picture, and where they put the question. */
const worded: Record<string, (body: any) => unknown> = {
  prompt: (body) => body.prompt,
  n8n: (body) => body.chatInput,
  watsonx: (body) => body.input,
  dify: (body) => body.query,
};

describe('files in questions', () => {
  for (const [format, [find, expected]] of Object.entries(pictures)) {
    it(`are encoded for ${format}`, async () => {
      expect(find(await bodyOf(format, question(png, text)))).to.deep.equal(expected);
    });
  }

  for (const [format, find] of Object.entries(worded)) {
    it(`are inlined into the question of ${format} if they are text, and rejected otherwise`, async () => {
      expect(find(await bodyOf(format, question(text)))).to.equal(told);
      const error = await bodyOf(format, question(png)).catch((error: unknown) => error);
      expect(error).to.be.an('error').with.property('message').that.includes('"dot.png" cannot be sent');
      expect(error).to.have.property('code', 'config');
    });
  }

  it('are sent as documents where the format supports PDF', async () => {
    const openai = await bodyOf('openai-chat', question(pdf));
    const responses = await bodyOf('openai-responses', question(pdf));
    const anthropic = await bodyOf('anthropic', question(pdf));
    const gemini = await bodyOf('gemini', question(pdf));
    const langgraph = await bodyOf('langgraph', question(pdf));

    const file = {type: 'file', file: {filename: 'report.pdf', file_data: pdf.url}};
    expect(openai.messages[0].content[1]).to.deep.equal(file);
    expect(langgraph.input.messages[0].content[1]).to.deep.equal(file);
    expect(responses.input[0].content[1]).to.deep.equal({type: 'input_file', filename: 'report.pdf', file_data: pdf.url});
    expect(anthropic.messages[0].content[0]).to.deep.equal({
      type: 'document',
      source: {type: 'base64', media_type: 'application/pdf', data: 'BB=='},
    });
    expect(gemini.contents[0].parts[1]).to.deep.equal({inlineData: {mimeType: 'application/pdf', data: 'BB=='}});
  });

  it('on the web are sent to Dify by URL', async () => {
    const {query, files} = await bodyOf('dify', question({...png, url: 'https://cdn.example/dot.png'}));

    expect(query).to.equal('Look.');
    expect(files).to.deep.equal([{type: 'image', transfer_method: 'remote_url', url: 'https://cdn.example/dot.png'}]);
  });

  it('of an unsupported type are rejected with a message, and do not block later questions', async () => {
    for (const format of ['openai-chat', 'openai-responses', 'anthropic', 'gemini', 'ollama', 'cohere', 'langserve']) {
      const later = createMessage({text: 'And now?'}, 'later', 0);

      const error = await bodyOf(format, question(zip)).catch((error: unknown) => error);
      expect(error).to.be.an('error').with.property('message').that.includes('"all.zip"').and.includes('application/zip');
      const body = JSON.stringify(await bodyOf(format, question(zip), later));
      expect(body).to.include('And now?').and.include('all.zip').and.not.include('CC==');
    }
  });

  it('without a name, and SVG images, are sent too', async () => {
    const svg: Part = {type: 'file', mediaType: 'image/svg+xml', url: 'data:image/svg+xml,%3Csvg%2F%3E'};

    const {messages} = await bodyOf('openai-chat', question(svg));

    expect(messages[0].content).to.equal('Look.\n\n<file name="image/svg+xml">\n<svg/>\n</file>');
  });

  it('whose data was not stored have to be attached again', async () => {
    const error = await bodyOf('openai-chat', question({...png, url: ''})).catch((error: unknown) => error);

    expect(error).to.be.an('error').with.property('message').that.equals('"dot.png" was not stored when the page was closed. Attach it again.');
  });

  it('are rejected where the question is sent in the URL', async () => {
    const protocol = await getProtocol('openai-chat');

    const error = await prepareFiles([question(png)], protocol, 'get').catch((error: unknown) => error);
    expect(error).to.be.an('error').with.property('message').that.includes('"dot.png" cannot be sent');
  });
});
