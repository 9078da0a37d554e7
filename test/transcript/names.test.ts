import {expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/index.js';
import {plainName} from '../../src/lib/strip-invisible.js';
import {createChat, part, parts, until} from '../helpers/chat.js';
import {chooseFiles} from '../helpers/states.js';

/** Reads "photoexe.png" where its override is obeyed. */
const disguised = 'photo\u202egnp.exe';
const honest = 'photognp.exe';

/** All that can reorder what follows. */
const reordering = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Returns all texts and attributes of the chat. */
function allTexts(chat: StreamChat): string[] {
  return [...chat.shadowRoot!.querySelectorAll('*')].flatMap((element) => [
    ...[...element.childNodes].filter(({nodeType}) => nodeType === Node.TEXT_NODE).map(({nodeValue}) => nodeValue ?? ''),
    ...[...element.attributes].map(({value}) => value),
  ]);
}

describe('names from a model, a file or a server', () => {
  for (const [name, shown] of [
    [disguised, honest],
    ['\u2067a\u2069\u200f.\u061cb\u200e', 'a.b'],
    ['photo.png\n\n\t\u00a0\u2003   .exe', 'photo.png .exe'],
    ['a\u0000\u0007\u2028b\ufeff', 'a b'],
    ['تقرير.pdf', 'تقرير.pdf'],
    ['👩‍👩‍👧.png', '👩‍👩‍👧.png'],
    [5, ''],
  ] as const) {
    it(`are shown in the order in which they are written: ${JSON.stringify(name)}`, () => expect(plainName(name)).to.equal(shown));
  }

  it('of files, languages, tools and sources are so in the interface', async () => {
    const data = 'data:application/octet-stream;base64,AA==';
    const chat = await createChat({heading: `Chat ${disguised}`, actions: 'copy'});
    chat.messages = [
      {role: 'user', parts: [{type: 'text', text: 'Look'}, {type: 'file', name: disguised, mediaType: 'image/png', url: ''}]},
      {
        role: 'assistant',
        parts: [
          {type: 'text', text: `[photo](https://a.example "${disguised}")\n\n![${disguised}](https://a.example/b)\n\n\`\`\`js&#x202e;&#x200f;\ncode\n\`\`\`\n`},
          {type: 'file', name: disguised, mediaType: 'application/octet-stream', url: data},
          {type: 'file', name: '', mediaType: `image/${disguised}`, url: data},
          {type: 'file', name: disguised, mediaType: 'image/png', url: 'https://a.example/c'},
          {type: 'tool-call', key: 'k', id: 'i', name: disguised, arguments: '{}', state: 'done', result: 'done'},
          {type: 'source', url: 'https://a.example/d', title: `${disguised}\u200f`},
        ],
      },
      {role: 'assistant', status: 'failed', text: 'Failed', error: {code: 'provider', message: disguised, retryable: false}},
    ];
    await until(() => parts(chat, 'save-file').length === 2 && parts(chat, 'tool-name').length === 1 && parts(chat, 'code-block').length === 1);

    expect(parts(chat, 'save-file').map(({textContent}) => textContent)).to.deep.equal([`Save ${honest}`, `Save image/${honest}`]);
    expect(parts(chat, 'file-name').map(({textContent}) => textContent)).to.deep.equal([honest, honest, `image/${honest}`, honest]);
    expect(part(chat, 'source').textContent).to.equal(`${honest} a.example`);
    expect(part(chat, 'heading').textContent).to.equal(`Chat ${honest}`);
    expect(part(chat, 'code-language').textContent).to.equal('js');
    expect(part(chat, 'tool-name').textContent).to.contain('⟨U+202E⟩');
    expect(allTexts(chat).filter((text) => reordering.test(text))).to.deep.equal([]);
  });

  it('of attached files are so', async () => {
    const chat = await createChat({attach: '', 'max-files': '1'});
    await until(() => parts(chat, 'attach').length === 1);
    chooseFiles(chat, new File(['text'], disguised, {type: 'text/plain'}), new File(['text'], disguised, {type: 'text/plain'}));
    await until(() => parts(chat, 'attachment').length === 1 && !part(chat, 'attachment-note').hidden);

    expect(part(chat, 'attachment').textContent).to.equal(honest);
    expect(part(chat, 'remove-file').ariaLabel).to.contain(honest);
    expect(allTexts(chat).filter((text) => reordering.test(text))).to.deep.equal([]);
  });
});
