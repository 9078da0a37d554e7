// Takes screenshots of the demo: light, dark, and on a phone.
//   node tools/screenshots.mjs [folder]          into this folder (default: `shots` in the system's temporary folder)
//   node tools/screenshots.mjs folder fault=cut  with this query string
import {mkdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium} from 'playwright-core';
import {createServer} from 'vite';

import {findChromium, isCi, isRoot} from './browsers.mjs';

const [folder = join(tmpdir(), 'shots'), query = ''] = process.argv.slice(2);
const questions = ['Which formats do you support?', 'Write a function that reads a stream'];

const shots = [
  {name: 'light', width: 1280, height: 860, colorScheme: 'light'},
  {name: 'dark', width: 1280, height: 860, colorScheme: 'dark'},
  {name: 'wide', width: 1720, height: 1000, colorScheme: 'light'},
  {name: 'phone', width: 375, height: 760, colorScheme: 'light', isMobile: true},
  {name: 'phone-dark', width: 375, height: 760, colorScheme: 'dark', isMobile: true},
];

async function takeScreenshots(browser, url, {name, width, height, colorScheme, isMobile = false}) {
  const context = await browser.newContext({
    viewport: {width, height},
    colorScheme,
    isMobile,
    hasTouch: isMobile,
    deviceScaleFactor: isMobile ? 2 : 1,
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) console.log(`${name}: ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.log(`${name}: ${error.stack}`));
  const shoot = (state, options = {}) => page.screenshot({path: join(folder, `${name}-${state}.png`), ...options});

  await page.goto(`${url}?speed=fast&${query}`);
  await page.getByRole('textbox').waitFor();
  await shoot('empty');

  for (const [i, question] of questions.entries()) {
    await page.getByRole('textbox').fill(question);
    await page.keyboard.press('Enter');
    if (i === 0) {
      await page.waitForTimeout(350);
      await shoot('streaming');
    }
    await page.waitForFunction(() => document.querySelector('stream-chat').state === 'idle', undefined, {
      timeout: 60_000,
    });
    await page.waitForTimeout(100);
    await shoot(i === 0 ? 'table' : 'code');
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) console.log(`${name}: ${overflow} px wider than the window`);
  await shoot('page', {fullPage: true});
  await context.close();
}

await mkdir(folder, {recursive: true});
const server = await createServer({server: {port: 0, host: '127.0.0.1'}, logLevel: 'error'});
await server.listen();
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [...(isRoot || isCi ? ['--no-sandbox'] : []), '--disable-background-networking'],
});
try {
  const {port} = server.httpServer.address();
  for (const shot of shots) await takeScreenshots(browser, `http://127.0.0.1:${port}/`, shot);
  console.log(folder);
} finally {
  await browser.close();
  await server.close();
}
