// Opens a page in any of the engines.
import {findChromium, findFirefox, findWebKit, isCi, isRoot} from '../browsers.mjs';

const open = {
  async chromium(url) {
    const {chromium} = await import('playwright-core');
    const args = [
      ...(isRoot || isCi ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-default-apps',
      '--disable-extensions',
      '--no-first-run',
      '--metrics-recording-only',
    ];
    const browser = await chromium.launch({executablePath: findChromium(), args});
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(url);
    return {version: browser.version(), close: () => browser.close()};
  },
  async firefox(url) {
    const {puppeteerCore} = await import('@web/test-runner-chrome');
    const browser = await puppeteerCore.launch({browser: 'firefox', executablePath: findFirefox(), headless: true});
    const page = await browser.newPage();
    await page.goto(url);
    return {version: await browser.version(), close: () => browser.close()};
  },
  async webkit(url) {
    const {webkitLauncher} = await import('../webkit-launcher.mjs');
    const launcher = webkitLauncher({binary: findWebKit()});
    await launcher.initialize({coverage: false});
    await launcher.startSession('chaos', url);
    return {version: 'WebKitGTK', close: () => launcher.stop()};
  },
};

/** Opens the page. Returns the engine's version and a function that closes it. */
export function openEngine(engine, url) {
  if (!Object.hasOwn(open, engine)) throw new Error(`No engine "${engine}". There are ${Object.keys(open).join(', ')}.`);
  return open[engine](url);
}
