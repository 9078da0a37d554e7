import {expect} from '@open-wc/testing';

import {StreamChat} from '../../src/index.js';
import {codeBlocks, registerCodeBlock, type DrawCodeBlock} from '../../src/renderers/renderer.js';
import {ask, createChat, part, parts, until} from '../helpers/chat.js';
import {openai, script} from '../helpers/server.js';
import {begin} from './draw.js';

const fence = (language: string, code: string) => `\`\`\`${language}\n${code}\n\`\`\`\n`;

/** Renders a text with `draw` registered for the code blocks of `toy`. */
function drawWith(draw: DrawCodeBlock, parts: readonly string[]): HTMLElement {
  const drawn = begin({codeBlocks: new Map([['toy', draw]])});
  for (const piece of parts) drawn.write(piece);
  drawn.end();
  return drawn.root;
}

/** Returns the calls of `console.error` during `run`, and keeps them out of the log. */
async function errorsDuring(run: () => Promise<void>): Promise<unknown[][]> {
  const {error} = console;
  const said: unknown[][] = [];
  console.error = (...words) => said.push(words);
  try {
    await run();
  } finally {
    console.error = error;
  }
  return said;
}

describe('code blocks drawn by the host page', () => {
  it('are drawn once, when their fence is closed, and show their source until then', async () => {
    const codes: string[] = [];
    const draw: DrawCodeBlock = (code, element, {baseUrl}) => {
      codes.push(code);
      element.append(`drawn for ${baseUrl}`);
    };
    const drawn = begin({codeBlocks: new Map([['toy', draw]])});
    document.body.append(drawn.root);
    const source = () => drawn.root.querySelector('pre')!;

    for (const character of fence('Toy', 'a -> b')) {
      expect(codes).to.deep.equal([]);
      drawn.write(character);
    }
    expect(source().innerText).to.equal('a -> b\n');
    drawn.write('after');
    drawn.end();
    await until(() => source().hidden, 'the source gives way');

    expect(codes).to.deep.equal(['a -> b\n']);
    expect(drawn.root.querySelector('[part=code-drawing]')!.textContent).to.equal('drawn for https://host.example/');
    expect(drawn.root.querySelector('[part=code-copy]')).to.be.instanceOf(HTMLElement);
    expect(drawn.root.lastElementChild!.textContent).to.equal('after');
    drawn.root.remove();
  });

  it('are in the page when they are drawn', async () => {
    let width = 0;
    const drawn = begin({
      codeBlocks: new Map([['toy', (_, element) => void (width = element.getBoundingClientRect().width)]]),
    });
    drawn.write(fence('toy', 'a'));
    document.body.append(drawn.root);

    await until(() => width > 0, 'the element has a width');

    drawn.root.remove();
  });

  it('show their source while their renderer is pending', async () => {
    let finish = () => {};
    const root = drawWith(() => new Promise<void>((resolve) => (finish = resolve)), [fence('toy', 'a')]);
    await Promise.resolve();
    const source = root.querySelector('pre')!;
    expect(source.hidden).to.equal(false);

    finish();

    await until(() => source.hidden, 'the source gives way');
  });

  for (const [name, draw] of [
    [
      'throws',
      () => {
        throw new Error('no such arrow');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such arrow'))],
  ] as const)
    it(`keep their source when their renderer ${name}`, async () => {
      let root!: HTMLElement;

      const said = await errorsDuring(async () => {
        root = drawWith(draw, [fence('toy', 'a')]);
        await until(() => !root.querySelector('[part=code-drawing]'), 'the box is gone');
      });

      expect(root.querySelector('pre')!.hidden).to.equal(false);
      expect(root.querySelector('code')!.textContent).to.equal('a\n');
      expect(said).to.have.length(1);
      expect(String(said[0]![0])).to.contain('"toy"');
      expect((said[0]![1] as Error).message).to.equal('no such arrow');
    });

  it('are only those of the registered language', async () => {
    const codes: string[] = [];

    drawWith(
      (code) => void codes.push(code),
      [fence('js', 'a'), fence('toy extra words', 'b'), '    c\n\n', 'toy\n\n', fence('', 'd'), fence('toybox', 'e')],
    );
    await Promise.resolve();

    expect(codes).to.deep.equal(['b\n']);
  });

  it('are drawn in answers of the element', async () => {
    StreamChat.registerCodeBlock('Toy-Diagram', (code, element) => {
      const image = document.createElement('b');
      image.textContent = code.toUpperCase();
      element.append(image);
    });
    expect(StreamChat.registerCodeBlock).to.equal(registerCodeBlock);
    expect(codeBlocks.has('toy-diagram')).to.equal(true);
    const server = await script(openai('See:\n\n```toy-di', 'agram\na ->', ' b\n``', '`\n\nThere.'));
    const chat = await createChat({endpoint: server.url});

    await ask(chat, 'Draw');
    await until(
      () => parts(chat, 'code-drawing').length > 0 && part(chat, 'code-block').querySelector('pre')!.hidden,
      'the block is drawn',
    );

    expect(part(chat, 'code-drawing').textContent).to.equal('A -> B\n');
  });
});
