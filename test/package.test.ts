import {expect} from '@open-wc/testing';

import type {StreamChat} from '../src/stream-chat.js';
import {until} from './helpers/chat.js';
import {openai, script} from './helpers/server.js';

// The built files as other pages load them: twice, with integrity hashes, in a worker.

interface Integrity {
  readonly base: string;
  readonly files: Readonly<Record<string, string>>;
  readonly snippets: {readonly module: string; readonly classic: string};
}

describe('package', () => {
  let frame: HTMLIFrameElement | undefined;
  let sri: Integrity;
  before(async function () {
    const response = await fetch('/__dist/sri.json');
    if (response.ok) sri = (await response.json()) as Integrity;
    else {
      console.info('skipped: there is no dist, run `npm run build`');
      this.skip();
    }
  });
  afterEach(() => frame?.remove());

  /** Opens a page with this markup in its head. The page collects its console warnings. */
  async function open(head: string): Promise<{page: Window & {warnings: string[]}; chat: StreamChat}> {
    frame = document.createElement('iframe');
    frame.srcdoc = `<!doctype html><meta charset="utf-8"><script>
      var warnings = [];
      console.warn = (...words) => warnings.push(words.join(' '));
    </script>${head}<stream-chat></stream-chat>`;
    const loaded = new Promise((resolve) => frame!.addEventListener('load', resolve, {once: true}));
    document.body.append(frame);
    await loaded;
    const page = frame.contentWindow as Window & {warnings: string[]};
    return {page, chat: page.document.querySelector('stream-chat')!};
  }

  /** Returns the snippet for a page that serves the files itself. */
  const own = (snippet: string) => snippet.replaceAll(sri.base, `${location.origin}/__dist/`);

  it('keeps the first of two copies, and warns once', async () => {
    const {page, chat} = await open(
      '<script src="/__dist/stream-chat.iife.js"></script><script type="module" src="/__dist/stream-chat.js"></script>' +
        '<script type="module">import {StreamChat} from "/__dist/stream-chat.js"; StreamChat.define(); StreamChat.define("my-chat");</script>',
    );
    await until(() => page.customElements.get('my-chat'));

    expect(page.warnings).to.have.length(1);
    expect(page.warnings[0]).to.match(
      /^<stream-chat> is on this page already \(\d+\.\d+\.\d+\): \d+\.\d+\.\d+ is not used\./,
    );
    const server = await script(openai('Hello'));
    chat.endpoint = server.url;
    expect((await chat.send('Hi'))!.text).to.equal('Hello');
  });

  it('does not warn if one copy is defined twice', async () => {
    const {page} = await open(
      '<script type="module">import {StreamChat} from "/__dist/stream-chat.js"; StreamChat.define(); window.isThere = true;</script>',
    );
    await until(() => 'isThere' in page);

    expect(page.warnings).to.deep.equal([]);
  });

  it('loads with the hashes of its snippet, lazy modules included', async () => {
    const {page, chat} = await open(own(sri.snippets.module));
    await until(() => page.customElements.get('stream-chat'));
    const server = await script(openai('Some *emphasis*.'));
    chat.endpoint = server.url;

    await chat.send('Hi');

    await until(() => chat.shadowRoot!.querySelector('em'), 'Markdown is rendered');
  });

  it('loads as a classic script with the hash of its snippet', async () => {
    const {page} = await open(own(sri.snippets.classic));

    expect(page.customElements.get('stream-chat')).to.be.a('function');
  });

  it('does not run if the hash of a file does not match', async () => {
    const wrong = sri.files['stream-chat.iife.js']!;
    const {page} = await open(
      own(sri.snippets.module).replace(/(<script type="module".*integrity=")[^"]*/, `$1${wrong}`),
    );
    const {page: classic} = await open(
      own(sri.snippets.classic).replace(/integrity="[^"]*/, `integrity="${sri.files['stream-chat.js']}`),
    );

    expect(page.customElements.get('stream-chat')).to.equal(undefined);
    expect(classic.customElements.get('stream-chat')).to.equal(undefined);
  });

  it('shows plain text and fires an error event if the hash of a lazy module does not match', async () => {
    const snippet = own(sri.snippets.module).replaceAll(
      sri.files['renderers/markdown.js']!,
      sri.files['stream-chat.iife.js']!,
    );
    const {page, chat} = await open(
      `<script>addEventListener('error', (event) => (window.errorCode ??= event.detail?.error.code), true);</script>${snippet}`,
    );
    await until(() => page.customElements.get('stream-chat'));
    const server = await script(openai('Some *emphasis*.'));
    chat.endpoint = server.url;

    const message = await chat.send('Hi');

    expect(message!.text).to.equal('Some *emphasis*.');
    await until(() => (page as {errorCode?: string}).errorCode === 'config');
    expect(chat.shadowRoot!.querySelector('em')).to.equal(null);
  });

  it('streams an answer with the core in a worker', async () => {
    const server = await script(openai('Hello', ' worker'));
    const code = `import {ask} from '${location.origin}/__dist/core.js';
      ask('${new URL(server.url, location.href).href}', {messages: 'Hi'}).finished.then((message) => postMessage(message));`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], {type: 'text/javascript'})), {type: 'module'});

    const message = await new Promise((resolve, reject) => {
      worker.onmessage = ({data}) => resolve(data);
      worker.onerror = ({message: reason}) => reject(new Error(reason));
    });

    worker.terminate();
    expect(message).to.include({text: 'Hello worker', status: 'done'});
  });
});
