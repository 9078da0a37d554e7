import {expect} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';

import type {StreamChat} from '../../src/stream-chat.js';
import {ask, createChat, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {bytes, openai, openaiChunk, script, sse} from '../helpers/server.js';

const input = (chat: StreamChat) => part<HTMLTextAreaElement>(chat, 'input');
const names = (chat: StreamChat) => parts(chat, 'attachment').map((item) => item.querySelector('bdi')!.textContent);
const note = (chat: StreamChat) => part(chat, 'attachment-note');

/** A picture of one colour, as a browser makes it. */
async function picture(name: string, color = 'red'): Promise<File> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 8;
  const context = canvas.getContext('2d')!;
  context.fillStyle = color;
  context.fillRect(0, 0, 8, 8);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new File([blob!], name, {type: 'image/png'});
}

const textFile = (name: string, text = name, type = 'text/plain') => new File([text], name, {type});

function transferOf(...files: readonly File[]): DataTransfer {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  return transfer;
}

/** Chooses files as the dialog of the file input does. */
function choose(chat: StreamChat, ...files: readonly File[]) {
  const picker = chat.shadowRoot!.querySelector<HTMLInputElement>('input[type="file"]')!;
  picker.files = transferOf(...files).files;
  picker.dispatchEvent(new Event('change'));
}

function paste(chat: StreamChat, clipboardData: DataTransfer): ClipboardEvent {
  const event = new ClipboardEvent('paste', {bubbles: true, composed: true, cancelable: true});
  // Firefox leaves the files out of what the constructor is given.
  Object.defineProperty(event, 'clipboardData', {value: clipboardData});
  input(chat).dispatchEvent(event);
  return event;
}

function drag(chat: StreamChat, type: string, dataTransfer: DataTransfer): DragEvent {
  const event = new DragEvent(type, {bubbles: true, composed: true, cancelable: true, dataTransfer});
  part(chat, 'log').dispatchEvent(event);
  return event;
}

async function createAttaching(attributes: Record<string, string>): Promise<StreamChat> {
  const chat = await createChat({attach: '', ...attributes});
  await until(() => parts(chat, 'attach').length === 1, 'the button is there');
  return chat;
}

/** What the server was asked, in OpenAI's words. */
async function asked(server: Awaited<ReturnType<typeof script>>, at = 0): Promise<any> {
  const {requests} = await server.log();
  return JSON.parse(requests[at]!.body).messages.at(-1).content;
}

describe('attachments', () => {
  it('are enabled by the attribute "attach" alone', async () => {
    const chat = await createChat({endpoint: '/nowhere'});
    const file = transferOf(await picture('dot.png'));

    expect(parts(chat, 'attach')).to.be.empty;
    expect(paste(chat, file).defaultPrevented).to.be.false;
    expect(drag(chat, 'dragover', file).defaultPrevented).to.be.false;
    chat.attach = 'image/*';
    await until(() => parts(chat, 'attach').length === 1);
    chat.removeAttribute('attach');
    chat.attach = undefined;
    await chat.updateComplete;
    expect(part(chat, 'attach').checkVisibility()).to.be.false;
    expect(paste(chat, file).defaultPrevented).to.be.false;
  });

  it('are sent with the message once, and shown before and after', async () => {
    const server = await script([openai('Red.'), openai('Yes.')]);
    const chat = await createAttaching({endpoint: server.url, attach: 'image/* text/*'});
    const button = part<HTMLButtonElement>(chat, 'attach');
    expect(button.getAttribute('aria-label')).to.equal('Attach files');
    expect(Math.min(button.offsetWidth, button.offsetHeight)).to.be.at.least(24);

    choose(chat, await picture('dot.png'), textFile('notes.md', '# Größe', 'text/markdown'));
    await until(() => names(chat).length === 2);
    expect(names(chat)).to.deep.equal(['dot.png', 'notes.md']);
    const preview = parts(chat, 'attachment')[0]!.querySelector('canvas')!;
    expect([...preview.getContext('2d')!.getImageData(2, 2, 1, 1).data]).to.deep.equal([255, 0, 0, 255]);
    const done = next(chat, 'done');
    await ask(chat, 'Which colour?');
    const {detail} = await done;

    expect(names(chat)).to.be.empty;
    const [image, ...others] = (await asked(server)).toReversed();
    expect(image.image_url.url).to.match(/^data:image\/png;base64,./);
    expect(others).to.deep.equal([{type: 'text', text: 'Which colour?\n\n<file name="notes.md">\n# Größe\n</file>'}]);
    expect(detail.message.text).to.equal('Red.');
    expect(chat.messages[0]!.text).to.equal('Which colour?');
    const question = part(chat, 'user');
    await until(() => question.querySelector('canvas'));
    expect(question.querySelector('canvas')!.getAttribute('aria-label')).to.equal('dot.png');
    expect(question.querySelector('[part="text"]')!.textContent).to.equal('Which colour?');
    expect([...question.querySelectorAll('[part="file"] bdi')].map(({textContent}) => textContent)).to.deep.equal(['dot.png', 'notes.md']);

    await chat.send('And now?');
    expect(await asked(server, 1)).to.equal('And now?');
  });

  it('can be sent without text', async () => {
    const server = await script(openai('ok'));
    const chat = await createAttaching({endpoint: server.url});
    choose(chat, await picture('dot.png'));
    await until(() => names(chat).length === 1);
    const done = next(chat, 'done');

    part(chat, 'send').click();
    await done;

    expect((await asked(server)).map(({type}: {type: string}) => type)).to.deep.equal(['image_url']);
  });

  it('are awaited if Enter is pressed while they are read', async () => {
    const server = await script(openai('ok'));
    const chat = await createAttaching({endpoint: server.url});
    chat.focus();
    await sendKeys({type: 'Hi'});
    const done = next(chat, 'done');

    choose(chat, textFile('a.txt', 'A'));
    input(chat).dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}));
    input(chat).dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}));
    await done;

    expect(await asked(server)).to.equal('Hi\n\n<file name="a.txt">\nA\n</file>');
    expect(chat.messages).to.have.length(2);
  });

  describe('by paste', () => {
    it('are attached, and text is pasted as text', async () => {
      const chat = await createAttaching({endpoint: '/nowhere'});

      expect(paste(chat, transferOf(await picture('image.png'))).defaultPrevented).to.be.true;
      await until(() => names(chat).length === 1);
      const text = new DataTransfer();
      text.setData('text/plain', 'words');
      expect(paste(chat, text).defaultPrevented).to.be.false;
      const office = transferOf(await picture('cells.png'));
      office.setData('text/plain', '1\t2');
      office.setData('text/html', '<table><td>1<td>2</table>');
      expect(paste(chat, office).defaultPrevented).to.be.false;
      expect(names(chat)).to.deep.equal(['image.png']);
    });
  });

  describe('by drag and drop', () => {
    it('are accepted anywhere in the chat, which shows a drop zone', async () => {
      const chat = await createAttaching({endpoint: '/nowhere'});
      const files = transferOf(textFile('a.txt'));

      expect(drag(chat, 'dragover', files).defaultPrevented).to.be.true;
      expect(part(chat, 'drop').checkVisibility()).to.be.true;
      expect(part(chat, 'drop').textContent).to.equal('Drop files here');
      drag(chat, 'dragleave', files);
      expect(part(chat, 'drop').checkVisibility()).to.be.false;
      drag(chat, 'dragover', files);
      expect(drag(chat, 'drop', files).defaultPrevented).to.be.true;

      expect(part(chat, 'drop').checkVisibility()).to.be.false;
      await until(() => names(chat).length === 1);
    });

    it('is left to the host page unless a file is dragged', async () => {
      const chat = await createAttaching({endpoint: '/nowhere'});
      const text = new DataTransfer();
      text.setData('text/plain', 'words');

      expect(drag(chat, 'dragover', text).defaultPrevented).to.be.false;
      expect(drag(chat, 'drop', text).defaultPrevented).to.be.false;
    });
  });

  describe('limits', () => {
    const refusals: Record<string, [Record<string, string>, () => File[] | Promise<File[]>, string, string[]]> = {
      'a type that the page does not take': [
        {attach: 'image/*, .md'},
        async () => [await picture('dot.png'), textFile('a.MD', 'a', ''), textFile('b.txt', 'b')],
        'b.txt was not attached: files of this type are not taken.',
        ['dot.png', 'a.MD'],
      ],
      'a type that the format has no place for': [
        {protocol: 'ollama'},
        () => [textFile('a.json', '{}', 'application/json'), textFile('b.pdf', '%PDF', 'application/pdf')],
        'b.pdf was not attached: files of this type are not taken.',
        ['a.json'],
      ],
      'what is no text and no known type': [
        {},
        () => [textFile('a.py', 'print("ä")', ''), new File([new Uint8Array([255, 254, 0, 1])], 'b.bin')],
        'b.bin was not attached: files of this type are not taken.',
        ['a.py'],
      ],
      'what is too large': [
        {'max-file-size': '0.001'},
        () => [textFile('small.txt', 'x'.repeat(1000)), textFile('large.txt', 'x'.repeat(1001))],
        'large.txt was not attached: it is larger than 0.001 MB.',
        ['small.txt'],
      ],
      'what is too many': [
        {'max-files': '2'},
        () => ['a', 'b', 'c', 'd'].map((name) => textFile(name)),
        'No more than 2 files can be attached.',
        ['a', 'b'],
      ],
    };
    for (const [name, [attributes, files, words, taken]] of Object.entries(refusals)) {
      it(`reject ${name} with a message`, async () => {
        const chat = await createAttaching({endpoint: '/nowhere', ...attributes});

        choose(chat, ...(await files()));
        await until(() => note(chat).checkVisibility());

        expect(note(chat).textContent).to.equal(words);
        expect(names(chat)).to.deep.equal(taken);
        parts(chat, 'remove-file')[0]!.click();
        expect(note(chat).checkVisibility()).to.be.false;
      });
    }

    it('are checked again when the message is sent: nothing is lost', async () => {
      const server = await script(openai('ok'));
      const chat = await createAttaching({endpoint: server.url});
      choose(chat, await picture('dot.png'));
      await until(() => names(chat).length === 1);

      chat.protocol = 'prompt';
      await ask(chat, 'Look.');
      await until(() => note(chat).checkVisibility());
      expect(note(chat).textContent).to.include('dot.png was not attached');
      expect([input(chat).value, ...names(chat)]).to.deep.equal(['Look.', 'dot.png']);
      expect((await server.log()).requests).to.be.empty;

      parts(chat, 'remove-file')[0]!.click();
      chat.focus();
      await sendKeys({press: 'Enter'});
      await until(() => shownAnswer(chat) === 'ok');
    });
  });

  it('are restored when a send listener cancels', async () => {
    const chat = await createAttaching({endpoint: '/nowhere'});
    chat.addEventListener('send', (event) => event.preventDefault());
    choose(chat, textFile('a.txt'));
    await until(() => names(chat).length === 1);

    await ask(chat, 'Mine');

    await until(() => input(chat).value === 'Mine' && names(chat).length === 1);
  });

  it('can be removed by keyboard: focus moves to the next, the previous, and the button', async () => {
    const chat = await createAttaching({endpoint: '/nowhere'});
    choose(chat, textFile('a.txt'), textFile('b.txt'), textFile('c.txt'));
    await until(() => names(chat).length === 3);
    const focused = () => chat.shadowRoot!.activeElement?.getAttribute('aria-label');

    parts(chat, 'remove-file')[1]!.focus();
    expect(focused()).to.equal('Remove b.txt');
    await sendKeys({press: 'Enter'});
    expect(focused()).to.equal('Remove c.txt');
    await sendKeys({press: 'Enter'});
    expect(focused()).to.equal('Remove a.txt');
    await sendKeys({press: 'Enter'});

    expect(focused()).to.equal('Attach files');
    expect(part(chat, 'attachments').checkVisibility()).to.be.false;
  });

  it('stay with a message that is edited', async () => {
    const server = await script([openai('One.'), openai('Two.')]);
    const chat = await createAttaching({endpoint: server.url});
    choose(chat, textFile('a.txt', 'A'));
    await until(() => names(chat).length === 1);
    await ask(chat, 'First');
    await until(() => chat.state === 'idle' && shownAnswer(chat) === 'One.');

    await sendKeys({press: 'ArrowUp'});
    choose(chat, textFile('b.txt', 'B'));
    await until(() => names(chat).length === 1);
    await sendKeys({type: '!'});
    await sendKeys({press: 'Enter'});
    await until(() => shownAnswer(chat) === 'Two.');

    expect(await asked(server, 1)).to.equal('First!\n\n<file name="a.txt">\nA\n</file>\n\n<file name="b.txt">\nB\n</file>');
  });

  describe('in the transcript', () => {
    it('render images of the answer without a request, with a save button', async () => {
      const [, data] = (await dataUrl(await picture('x.png', 'blue'))).split(',');
      const server = await script(sse(
        JSON.stringify({type: 'start'}),
        JSON.stringify({type: 'file', mediaType: 'image/png', url: `data:image/png;base64,${data}`}),
        JSON.stringify({type: 'finish'}),
        '[DONE]',
      ));
      const chat = await createChat({endpoint: server.url, protocol: 'ai-sdk-ui', images: 'none'});

      await chat.send('Draw.');
      await until(() => part(chat, 'assistant').querySelector('canvas'));

      const canvas = part(chat, 'assistant').querySelector('canvas')!;
      expect([...canvas.getContext('2d')!.getImageData(2, 2, 1, 1).data]).to.deep.equal([0, 0, 255, 255]);
      expect(canvas.getAttribute('role')).to.equal('img');
      expect(part(chat, 'save-file').textContent).to.equal('Save image/png');
    });

    for (const images of ['none', 'click', '/__s/']) {
      it(`load remote images according to images="${images}"`, async () => {
        const dot = new Uint8Array(await (await picture('dot.png')).arrayBuffer());
        const server = await script({headers: {'content-type': 'image/png'}, steps: [bytes(dot)]});
        const chat = await createChat({endpoint: '/nowhere', images});
        const url = new URL(server.url, location.href).href;

        chat.messages = [{role: 'assistant', parts: [{type: 'file', mediaType: 'image/png', name: 'dot', url}]}];
        await until(() => parts(chat, 'file-name').length === 1);

        const file = part(chat, 'file');
        expect(file.querySelectorAll('img')).to.have.length(images === '/__s/' ? 1 : 0);
        expect(file.querySelector('a')!.href).to.equal(url);
        expect(parts(chat, 'load-image')).to.have.length(images === 'click' ? 1 : 0);
        if (images === 'none') return expect((await server.log()).requests).to.be.empty;
        if (images === 'click') part(chat, 'load-image').click();
        await until(() => file.querySelector('img')!.naturalWidth === 8);
        expect(file.querySelector('img')!.alt).to.equal('dot');
      });
    }

    it('do not link to unsafe URLs', async () => {
      const chat = await createChat({endpoint: '/nowhere'});

      chat.messages = [
        {role: 'assistant', parts: [{type: 'file', mediaType: 'text/html', name: 'a', url: 'javascript:alert(1)'}]},
        {role: 'assistant', parts: [{type: 'file', mediaType: 'text/html', name: 'b', url: 'data:text/html,<script>alert(1)</script>'}]},
      ];
      await until(() => parts(chat, 'file-name').length === 2);

      expect(chat.shadowRoot!.querySelector('[part="file"] a')).to.equal(null);
    });
  });

  describe('with persist', () => {
    it('keep the names of files that are too large to be stored, with a note', async () => {
      const id = `files-${Date.now()}`;
      const server = await script([{steps: [{write: `data: ${openaiChunk('One.')}\n\ndata: [DONE]\n\n`}]}, openai('Two.')]);
      const attributes = {endpoint: server.url, persist: 'session', id};
      const large = {type: 'file', name: 'large.txt', mediaType: 'text/plain', url: `data:text/plain,${'x'.repeat(1_100_000)}`} as const;
      const small = {type: 'file', name: 'small.txt', mediaType: 'text/plain', url: 'data:text/plain,small'} as const;
      const first = await createChat(attributes);
      await first.send({text: 'Read.', parts: [small, large]});
      expect(JSON.stringify(await asked(server))).to.include('xxxx');
      first.remove();

      const second = await createChat(attributes);
      await until(() => parts(second, 'file-name').length === 2);

      const [kept, dropped] = parts(second, 'file');
      expect(kept!.textContent).to.equal('small.txt');
      expect(dropped!.textContent).to.include('large.txt').and.include('was not kept');
      await second.send('Go on.');
      expect(shownAnswer(second)).to.equal('Two.');
      sessionStorage.removeItem(`stream-chat:${id}`);
    });
  });
});

function dataUrl(file: File): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.readAsDataURL(file);
  });
}
