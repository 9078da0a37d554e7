import {expect} from '@open-wc/testing';

import {collect, createChat, ended, part, parts, until} from '../helpers/chat.js';
import {script, sse} from '../helpers/server.js';

function chunk(delta: object, finish: string | null = null): string {
  return `data: ${JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason: finish}]})}\n\n`;
}

const thinking = {
  steps: [
    {write: chunk({reasoning_content: 'Let me '})},
    {write: chunk({reasoning_content: 'think.'})},
    {until: 'answer'},
    {write: chunk({content: 'Four.'})},
    {until: 'end'},
    {write: `${chunk({}, 'stop')}data: [DONE]\n\n`},
  ],
};

const reasoning = (chat: Parameters<typeof part>[0]) => part<HTMLDetailsElement>(chat, 'reasoning');

describe('reasoning', () => {
  it('is open while it streams, collapses when the answer starts, and shows its duration', async () => {
    const server = await script(thinking);
    const chat = await createChat({endpoint: server.url, renderer: 'plain'});
    const deltas = collect(chat, 'delta');
    const end = ended(chat);

    void chat.send('2 + 2?');
    await until(() => parts(chat, 'reasoning')[0]?.textContent?.includes('Let me think.'));
    expect(reasoning(chat).open).to.be.true;
    expect(reasoning(chat).querySelector('summary')!.textContent).to.equal('Reasoning');
    await server.release('answer');
    await until(() => parts(chat, 'text').at(-1)?.textContent === 'Four.');
    expect(reasoning(chat).open).to.be.false;
    await server.release('end');
    await end;

    expect(reasoning(chat).querySelector('summary')!.textContent).to.match(/^Thought for \d+ s$/);
    const answer = chat.messages.at(-1)!;
    expect(answer.text).to.equal('Four.');
    expect(answer.parts[0]).to.include({type: 'reasoning', text: 'Let me think.'});
    expect(answer.parts[0]).to.have.property('seconds').that.is.a('number');
    expect(deltas.map(({detail: {kind, text, offset}}) => ({kind, text, offset}))).to.deep.equal([
      {kind: 'reasoning', text: 'Let me ', offset: 0},
      {kind: 'reasoning', text: 'think.', offset: 7},
      {kind: 'text', text: 'Four.', offset: 0},
    ]);
  });

  it('stays as the user toggled it', async () => {
    const server = await script(thinking);
    const chat = await createChat({endpoint: server.url});
    const end = ended(chat);

    void chat.send('2 + 2?');
    await until(() => parts(chat, 'reasoning').length === 1);
    const summary = reasoning(chat).querySelector('summary')!;
    summary.click();
    summary.click();
    await server.release('answer');
    await server.release('end');
    await end;

    expect(reasoning(chat).open).to.be.true;
  });

  it('is extracted from tags in the text, too', async () => {
    const server = await script({
      steps: [{write: `${chunk({content: '<thi'})}${chunk({content: 'nk>Hm.</th'})}${chunk({content: 'ink>\n\nYes.'})}data: [DONE]\n\n`}],
    });
    const chat = await createChat({endpoint: server.url});

    const answer = await chat.send('?');

    expect(answer!.text).to.equal('Yes.');
    expect(reasoning(chat).textContent).to.contain('Hm.');
    expect(reasoning(chat).open).to.be.false;
  });
});

describe('sources', () => {
  const annotation = (url: string, title?: string) =>
    chunk({annotations: [{type: 'url_citation', url_citation: {url, ...(title && {title})}}]}).slice(6, -2);
  const text = (content: string) => chunk({content}).slice(6, -2);

  it('are listed once, with their hosts, and only with web URLs', async () => {
    const server = await script(
      sse(
        text('One **bo'),
        annotation('https://a.example/page', 'A page'),
        text('ld** sentence.'),
        annotation('https://a.example/page', 'A page'),
        annotation('javascript:alert(1)', 'Evil'),
        annotation('https://user:secret@b.example/', 'Evil'),
        annotation('https://c.example/x'),
        '[DONE]',
      ),
    );
    const chat = await createChat({endpoint: server.url});

    const answer = await chat.send('?');

    expect(answer!.parts.filter(({type}) => type === 'text')).to.have.length(1);
    expect(parts(chat, 'text').at(-1)!.querySelector('strong')!.textContent).to.equal('bold');
    const links = parts<HTMLAnchorElement>(chat, 'source');
    expect(links.map(({href}) => href)).to.deep.equal(['https://a.example/page', 'https://c.example/x']);
    expect(links.map(({textContent}) => textContent)).to.deep.equal(['A page a.example', 'x c.example']);
    expect(links[0]!.rel).to.contain('noopener').and.to.contain('noreferrer');
    await expect(chat).to.be.accessible();
  });

  it('are plain text with links="text"', async () => {
    const server = await script(sse(text('x'), annotation('https://a.example/'), '[DONE]'));
    const chat = await createChat({endpoint: server.url, links: 'text'});

    await chat.send('?');

    expect(parts(chat, 'source')).to.have.length(0);
    expect(part(chat, 'sources').textContent).to.contain('a.example');
  });
});
