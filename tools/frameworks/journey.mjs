// The journey through each page: what the user does, and which events the host page receives.
import {pieces} from './server.mjs';

const whole = pieces.join('');
/** Timeout of every wait, in milliseconds; long enough for the slowest machine. */
const timeout = 20_000;

/** Console messages that are allowed: Lit's hint in development, and what the refused question of the journey prints. */
const expected = [/Lit is in dev mode/, /status of 401/, /The answer failed \(auth\)/];
/** Time after which the send button stops the answer, in milliseconds: a second click on Send must not. */
const meaningTime = 700;

function equal(actual, wanted, what) {
  const [a, b] = [actual, wanted].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what}: ${a?.slice(0, 300)}, not ${b?.slice(0, 300)}`);
}

/** Collects errors and warnings of the console, and uncaught exceptions. */
export function collectConsoleErrors(page) {
  const messages = [];
  page.on('pageerror', (error) => messages.push(`thrown: ${error.stack ?? error}`));
  page.on('console', (message) => {
    const text = message.text();
    const isIcon = message.location().url.endsWith('/favicon.ico');
    if (isIcon || !['error', 'warning'].includes(message.type()) || expected.some((pattern) => pattern.test(text))) return;
    messages.push(`${message.type()}: ${text}`);
  });
  return messages;
}

/** Verifies a page that sends a question when it loads, and passes objects as attributes of the tag. */
export async function runInitialQuestion({page, server}) {
  await page.waitForFunction(
    (whole) => {
      const chat = document.querySelector('stream-chat');
      return chat?.state === 'idle' && chat.messages?.at(-1)?.text === whole;
    },
    whole,
    {timeout},
  );
  const questions = server.log.map(({question, headers, closed}) => [question, headers['x-token'], closed]);
  equal(questions, [['count', 'short-lived', 'server']], 'questions at the server');
  const is = await page
    .locator('stream-chat')
    .evaluate(({messages, tools, strings}) => [messages.length, tools[0].name, strings.send]);
  equal(is, [2, 'add', 'Ask'], 'properties');
  return ['sends the question once', 'has the properties set on the tag'];
}

/** Runs the journey on an open page. Returns the names of the steps; throws at the first one that fails. */
export async function runJourney({page, server, kind}) {
  page.setDefaultTimeout(timeout);
  const seen = [];
  const chat = page.locator('stream-chat');
  const input = chat.locator('textarea');
  const send = chat.locator('[part~=send]');
  const answer = chat.locator('[part~=assistant]').last();
  const step = async (name, act) => {
    try {
      await act();
    } catch (error) {
      throw new Error(`${name}: ${error.message}`, {cause: error});
    }
    seen.push(name);
  };
  const reads = (id, text) =>
    page
      .waitForFunction(([id, text]) => document.getElementById(id).textContent.trim() === text, [id, text])
      .catch(async (cause) => {
        throw new Error(
          `#${id} reads ${JSON.stringify(await page.locator(`#${id}`).textContent())}, not ${JSON.stringify(text)}`,
          {cause},
        );
      });
  const isIdle = () => page.waitForFunction(() => document.querySelector('stream-chat')?.state === 'idle');
  const asked = (question) => server.log.filter((entry) => entry.question === question);
  const ask = async (question) => {
    await input.fill(question);
    await input.press('Enter');
  };
  const shown = async () => (await answer.locator('[part~=text]').innerText()).trim();
  /** Number of characters that the host page should have received in `delta` events so far. */
  let received = 0;
  const isWhole = async (text = whole) => {
    received += text.length;
    await reads('letters', String(received));
    equal(await shown(), text.trim(), 'the answer');
  };

  if (kind.late) {
    await step('rendered before it is defined', async () => {
      await chat.waitFor({state: 'attached'});
      await page.locator('#lock').waitFor();
      equal(await page.evaluate(() => customElements.get('stream-chat') === undefined), true, 'undefined');
      server.release('file', Infinity);
    });
  }
  await step(kind.served ? 'upgrades the tag that the server rendered' : 'is defined', async () => {
    await page.waitForFunction(() => document.querySelector('stream-chat')?.shadowRoot?.querySelector('textarea'));
    if (kind.served)
      equal(
        await page.evaluate(() => document.querySelector('stream-chat') === window.served),
        true,
        'the same element',
      );
  });

  await step('attributes and properties', async () => {
    await page
      .waitForFunction(() => document.querySelector('stream-chat').strings.send === 'Ask')
      .catch(async (cause) => {
        const has = await chat.evaluate((element) => element.outerHTML);
        throw new Error(`strings did not arrive: ${has}`, {cause});
      });
    const is = await chat.evaluate(({endpoint, maxLength, disabled, headers, tools, strings, attributes}) => ({
      endpoint,
      maxLength,
      disabled,
      headers: typeof headers,
      tools: tools.map(({name}) => name),
      send: strings.send,
      garbage: [...attributes].map(({value}) => value).filter((value) => /\[object|=>|function/.test(value)),
    }));
    const wanted = {
      endpoint: '/api/chat',
      maxLength: 200,
      disabled: false,
      headers: 'function',
      tools: ['add'],
      send: 'Ask',
      garbage: [],
    };
    equal(is, wanted, 'properties');
    equal(await send.getAttribute('aria-label'), 'Ask', 'label of the button');
  });

  await step('sets and removes a boolean', async () => {
    equal(await input.isDisabled(), false, 'disabled at first');
    await page.click('#lock');
    await chat.locator('textarea:disabled').waitFor();
    await page.click('#lock');
    await chat.locator('textarea:enabled').waitFor();
  });

  await step('sends one request, streams, ends', async () => {
    await ask('count');
    await reads('ended', `stop, ${whole.length}`);
    await isWhole();
    equal(asked('count').length, 1, 'requests');
    const [{headers, body}] = asked('count');
    equal(headers['x-token'], 'short-lived', 'the header');
    equal(body.tools[0].function.name, 'add', 'the tool');
  });

  await step('keeps its state when the host renders during an answer', async () => {
    await chat.evaluate((element) => {
      window.parts = [
        element,
        element.shadowRoot.querySelector('textarea'),
        element.shadowRoot.querySelector('[part~=message]'),
      ];
    });
    await ask('hold');
    await reads('letters', String(received + pieces.slice(0, 60).join('').length));
    await input.pressSequentially('a draft');
    await page.click('#lock');
    await chat.locator('textarea:disabled').waitFor();
    await page.click('#lock');
    await chat.locator('textarea:enabled').waitFor();
    server.release('rest');
    await isIdle();
    await isWhole();
    equal(await input.inputValue(), 'a draft', 'the draft');
    const kept = await chat.evaluate((element) =>
      [element, element.shadowRoot.querySelector('textarea'), element.shadowRoot.querySelector('[part~=message]')].map(
        (node, i) => node === window.parts[i],
      ),
    );
    equal(kept, [true, true, true], 'the element, the text field and the first message are the same');
    equal(await chat.locator('[part~=message]').count(), 4, 'messages');
  });

  await step('stops', async () => {
    await ask('hold');
    const half = pieces.slice(0, 60).join('');
    await reads('letters', String(received + half.length));
    await page.waitForTimeout(meaningTime);
    await send.click();
    await reads('ended', `aborted, ${half.length}`);
    await server.waitFor(() => asked('hold').at(-1).closed === 'client', 'the client closes the connection');
    await isWhole(half);
  });

  await step('runs a tool of the page', async () => {
    await ask('add');
    await reads('ended', 'stop, 13');
    await isWhole('The sum is 5.');
  });

  await step('reports an error', async () => {
    await ask('refuse');
    await reads('failed', 'auth');
    await isIdle();
  });

  if (kind.morphs) {
    await step('continues to stream when the page is morphed', async () => {
      await ask('hold');
      await reads('letters', String(received + pieces.slice(0, 60).join('').length));
      await page.addScriptTag({url: 'idiomorph.js'});
      await chat.evaluate((element) => {
        const main = element.closest('main');
        const next = main.cloneNode(true);
        next.prepend(document.createElement('hr'));
        next.querySelector('stream-chat').setAttribute('heading', 'Morphed');
        window.Idiomorph.morph(main, next.outerHTML);
        window.isSame = element === document.querySelector('stream-chat');
      });
      server.release('rest');
      await isIdle();
      await isWhole();
      equal(await page.evaluate(() => window.isSame), true, 'the same element');
      await chat.getByRole('heading', {name: 'Morphed'}).waitFor();
    });
  }

  for (const how of ['insertBefore', 'moveBefore']) {
    await step(`continues to stream when moved by ${how}`, async () => {
      const before = received;
      await ask('hold');
      await reads('letters', String(before + pieces.slice(0, 60).join('').length));
      const isMoved = await chat.evaluate((element, how) => {
        const {parentNode, previousSibling, nextSibling} = element;
        if (!parentNode[how]) return false;
        const box = parentNode.insertBefore(document.createElement('div'), nextSibling);
        box[how](element, null);
        // Move it back, because frameworks expect their elements to stay in place.
        parentNode[how](element, previousSibling ? previousSibling.nextSibling : parentNode.firstChild);
        box.remove();
        return true;
      }, how);
      equal(isMoved, true, how);
      server.release('rest');
      await isIdle();
      await isWhole();
      equal(asked('hold').at(-1).closed, 'server', 'the connection was closed by');
    });
  }

  await step('closes the connection when removed', async () => {
    const before = received;
    await ask('hold');
    const half = pieces.slice(0, 60).join('').length;
    await reads('letters', String(before + half));
    received += half;
    await page.click('#toggle');
    await chat.waitFor({state: 'detached'});
    await server.waitFor(() => asked('hold').at(-1).closed === 'client', 'the client closes the connection');
  });

  await step('starts empty when inserted again', async () => {
    await page.click('#toggle');
    await input.waitFor();
    equal(await chat.locator('[part~=message]').count(), 0, 'messages');
    await ask('count');
    await reads('ended', `stop, ${whole.length}`);
    await isWhole();
    equal(asked('count').length, 2, 'requests');
  });

  return seen;
}
