import {expect} from '@open-wc/testing';

import type {StreamChatError} from '../src/model/errors.js';
import {until} from './helpers/chat.js';
import {openai, script} from './helpers/server.js';

// A page while the element loads: the pages of the documentation, before and after the script has run.

const greeting = '<stream-chat-message role="assistant">Hello! Ask me.</stream-chat-message>';
const moduleScript = /<script type="module" src="[^"]*"><\/script>/;

/** The blocks of HTML in a document that hold `part`. */
async function snippets(source: string, part: string): Promise<string[]> {
  const text = await (await fetch(`/${source}`)).text();
  return [...text.matchAll(/```html\n([^]*?)```/g)].map(([, code]) => code!).filter((code) => code.includes(part));
}

describe('a page while it loads', () => {
  let frame: HTMLIFrameElement | undefined;
  before(async function () {
    if ((await fetch('/__dist/stream-chat.js')).ok) return;
    console.info('skipped: there is no dist, run `npm run build`');
    this.skip();
  });
  afterEach(() => frame?.remove());

  /** Opens a page without its script, and returns where its last paragraph is, then and once the element is drawn. */
  async function load(page: string) {
    frame = document.createElement('iframe');
    frame.width = '600';
    frame.height = '900';
    frame.srcdoc = `${page.replace(moduleScript, '').replaceAll('/stream-chat/', '/__dist/')}<p id="below">Below.</p>`;
    const loaded = new Promise((resolve) => frame!.addEventListener('load', resolve, {once: true}));
    document.body.append(frame);
    await loaded;
    const {contentDocument, contentWindow} = frame;
    const chat = contentDocument!.querySelector('stream-chat')!;
    const place = () => ({
      below: contentDocument!.querySelector('#below')!.getBoundingClientRect().top,
      height: chat.getBoundingClientRect().height,
    });
    const before = place();
    const isShown = chat.querySelector('stream-chat-message')!.checkVisibility();
    const element = contentDocument!.createElement('script');
    element.type = 'module';
    element.src = '/__dist/stream-chat.js';
    contentDocument!.head.append(element);
    await contentWindow!.customElements.whenDefined('stream-chat');
    await until(() => chat.shadowRoot?.querySelector('.message, .launcher'), 'the chat is drawn');
    await chat.updateComplete;
    const requested = contentWindow!.performance
      .getEntriesByType('resource')
      .map(({name}) => new URL(name).pathname)
      .filter((path) => path.endsWith('.js'));
    return {before, after: place(), isShown, requested};
  }

  const withGreeting = (page: string, attributes = '') =>
    page.replace(/<stream-chat ([^>]*)><\/stream-chat>/, `<p>Above.</p><stream-chat $1${attributes}>${greeting}</stream-chat>`);

  for (const source of ['README.md', 'README.zh-CN.md', 'docs/quick-start.md']) {
    it(`does not move with the page of ${source}`, async () => {
      const [page] = await snippets(source, '<!doctype html>');
      const {before, after, isShown, requested} = await load(withGreeting(page!));

      expect(after).to.deep.equal(before);
      expect(isShown).to.be.false;
      const preloaded = [...page!.matchAll(/rel="modulepreload" href="\/stream-chat\/([^"]+)"/g)].map(([, file]) => `/__dist/${file}`);
      expect(preloaded).to.not.be.empty;
      for (const file of preloaded) {
        expect((await fetch(file)).ok, file).to.be.true;
        expect(requested.filter((path) => path === file), file).to.have.length(1);
      }
    });
  }

  it('works without its deferred file, and reports once that it is missing', async () => {
    const server = await script(openai('Hello'));
    frame = document.createElement('iframe');
    frame.srcdoc = `<!doctype html>
      <script type="importmap">{"imports": {"${location.origin}/__dist/deferred.js": "${location.origin}/__dist/none.js"}}</script>
      <script>
        var errors = [];
        console.error = (error) => errors.push(String(error.message));
        addEventListener('DOMContentLoaded', () => {
          const chat = document.querySelector('stream-chat');
          chat.addEventListener('error', ({detail}) => errors.push(detail.error));
        });
      </script>
      <script type="module" src="/__dist/stream-chat.js"></script>
      <stream-chat endpoint="${server.url}"></stream-chat>`;
    document.body.append(frame);
    await until(() => frame!.contentDocument?.querySelector('stream-chat')?.updateComplete);
    const {errors} = frame.contentWindow as Window & {errors?: (string | StreamChatError)[]} & typeof globalThis;
    const chat = frame.contentDocument!.querySelector('stream-chat')!;
    expect((await chat.send('Hi'))!.text).to.equal('Hello');
    await until(() => errors!.length > 1);

    const [logged, dispatched] = errors!;
    expect(logged).to.match(/^The file "deferred\.js" could not be loaded: /);
    expect(dispatched).to.include({code: 'config', message: logged});
    expect(errors).to.have.length(2);
  });

  it('gives way to the size of the page', async () => {
    const [page] = await snippets('README.md', '<!doctype html>');
    const {before, after} = await load(`<style>stream-chat { block-size: 20rem; }</style>${withGreeting(page!)}`);

    expect(after).to.deep.equal(before);
    expect(after.height).to.equal(320);
  });

  it('has no room and no text of a launcher', async () => {
    const [head] = await snippets('docs/loading.md', "mode='launcher'");
    const page = `<!doctype html>${head}<stream-chat endpoint="/api/chat"></stream-chat>`;
    const {before, after, isShown} = await load(withGreeting(page, ' mode="launcher"'));

    expect(after).to.deep.equal(before);
    expect(isShown).to.be.false;
  });
});
