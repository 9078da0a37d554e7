// A @web/test-runner browser launcher for WebKitGTK's MiniBrowser over plain WebDriver HTTP.
// Starts Xvfb (if there is no DISPLAY) and WebKitWebDriver itself. No npm dependency.
// Its type is 'puppeteer' and its pages have Puppeteer's interface, so that sendKeys, sendMouse,
// resetMouse and setViewport of @web/test-runner-commands work unchanged.
import {spawn} from 'node:child_process';
import net from 'node:net';

const KEYS = {
  Unidentified: '\uE000',
  Cancel: '\uE001',
  Help: '\uE002',
  Backspace: '\uE003',
  Tab: '\uE004',
  Clear: '\uE005',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Pause: '\uE00B',
  Escape: '\uE00C',
  Space: ' ',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Insert: '\uE016',
  Delete: '\uE017',
  Meta: '\uE03D',
};
const key = (k) => KEYS[k] ?? k;
const BUTTONS = {left: 0, middle: 1, right: 2};

const freePort = () =>
  new Promise((res, rej) => {
    const s = net.createServer();
    s.once('error', rej);
    s.listen(0, '127.0.0.1', () => {
      const {port} = s.address();
      s.close(() => res(port));
    });
  });
async function waitPort(port, ms = 10_000) {
  for (const end = Date.now() + ms; ;) {
    const ok = await new Promise((r) => {
      const c = net.connect(port, '127.0.0.1', () => {
        c.destroy();
        r(true);
      });
      c.once('error', () => r(false));
    });
    if (ok) return;
    if (Date.now() > end) throw new Error(`no server on port ${port}`);
    await new Promise((r) => setTimeout(r, 30));
  }
}
const startXvfb = () =>
  new Promise((res, rej) => {
    const proc = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    proc.once('error', rej);
    proc.once('exit', (c) => rej(new Error(`Xvfb exited with ${c}`)));
    proc.stdio[3].once('data', (d) => res({proc, display: `:${String(d).trim()}`}));
  });

class WebKitPage {
  constructor(call) {
    this.call = call;
  }
  execute(script, args = []) {
    return this.call('POST', '/execute/sync', {script, args});
  }
  actions(...actions) {
    return this.call('POST', '/actions', {actions});
  }
  #keys(list) {
    return this.actions({type: 'key', id: 'kb', actions: list});
  }
  #pointer(list) {
    return this.actions({type: 'pointer', id: 'mouse', parameters: {pointerType: 'mouse'}, actions: list});
  }
  keyboard = {
    type: (text) =>
      this.#keys(
        [...text].flatMap((c) => [
          {type: 'keyDown', value: c},
          {type: 'keyUp', value: c},
        ]),
      ),
    press: (k) =>
      this.#keys([
        {type: 'keyDown', value: key(k)},
        {type: 'keyUp', value: key(k)},
      ]),
    down: (k) => this.#keys([{type: 'keyDown', value: key(k)}]),
    up: (k) => this.#keys([{type: 'keyUp', value: key(k)}]),
  };
  mouse = {
    move: (x, y) => this.#pointer([{type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y)}]),
    click: (x, y, {button = 'left'} = {}) =>
      this.#pointer([
        {type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y)},
        {type: 'pointerDown', button: BUTTONS[button]},
        {type: 'pointerUp', button: BUTTONS[button]},
      ]),
    down: ({button = 'left'} = {}) => this.#pointer([{type: 'pointerDown', button: BUTTONS[button]}]),
    up: ({button = 'left'} = {}) => this.#pointer([{type: 'pointerUp', button: BUTTONS[button]}]),
    reset: () => this.call('DELETE', '/actions'),
  };
  /** Sets the size twice, because the size of the window's border is known only after the first time. */
  async setViewport({width, height}) {
    const rect = (w, h) => this.call('POST', '/window/rect', {width: w, height: h});
    await rect(width, height);
    for (let i = 0; i < 20; i++) {
      await new Promise((r) => setTimeout(r, 50));
      const [iw, ih, ow, oh] = await this.execute('return [innerWidth, innerHeight, outerWidth, outerHeight]');
      if (iw === width && ih === height) return;
      await rect(width + (ow - iw), height + (oh - ih));
    }
  }
  async screenshot() {
    return Buffer.from(await this.call('GET', '/screenshot'), 'base64');
  }
  async emulateMediaFeatures() {
    throw new Error('WebKitGTK has no media emulation over WebDriver');
  }
}

class WebKitLauncher {
  name = 'WebKit';
  type = 'puppeteer';
  concurrency = 1;
  #procs = [];
  #urls = new Map();
  #starting;
  #size;

  constructor({binary, args = [], env = {}} = {}) {
    Object.assign(this, {binary, args, env});
  }
  async initialize(config) {
    this.config = config;
    if (!this.binary) throw new Error('no WebKitGTK MiniBrowser here: apt-get install webkit2gtk-driver xvfb');
  }
  async #start() {
    const env = {...process.env, ...this.env};
    if (!env.DISPLAY) {
      const x = await startXvfb();
      this.#procs.push(x.proc);
      env.DISPLAY = x.display;
    }
    const port = await freePort();
    this.#procs.push(spawn('WebKitWebDriver', [`--port=${port}`], {env, stdio: 'ignore'}));
    process.once('exit', () => this.#kill());
    await waitPort(port);
    const base = `http://127.0.0.1:${port}/session`;
    const call = async (method, path, body) => {
      const r = await fetch(base + path, {method, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined});
      const {value} = await r.json();
      if (!r.ok) throw new Error(`WebKitWebDriver ${method} ${path}: ${value?.error} ${value?.message}`);
      return value;
    };
    const {sessionId} = await call('POST', '', {
      capabilities: {
        alwaysMatch: {
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': {binary: this.binary, args: ['--automation', ...this.args]},
        },
      },
    });
    this.page = new WebKitPage((method, path, body) => call(method, `/${sessionId}${path}`, body));
    this.#size = await this.page.call('GET', '/window/rect');
  }
  async startSession(id, url) {
    await (this.#starting ??= this.#start());
    this.#urls.set(id, url);
    await this.page.call('POST', '/url', {url});
  }
  isActive(id) {
    return this.#urls.has(id);
  }
  getBrowserUrl(id) {
    return this.#urls.get(id);
  }
  getPage() {
    return this.page;
  }
  async stopSession(id) {
    const testCoverage = this.config.coverage
      ? await this.page.execute('return window.__coverage__ ?? null').catch(() => null)
      : null;
    await this.page.call('DELETE', '/actions').catch(() => {});
    // All files share one window: restore its size for the next one.
    const {width, height} = this.#size;
    await this.page.call('POST', '/window/rect', {width, height});
    await this.page.call('POST', '/url', {url: 'about:blank'});
    this.#urls.delete(id);
    return {testCoverage: testCoverage ?? undefined};
  }
  startDebugSession() {
    throw new Error('no debug session for WebKitGTK');
  }
  #kill() {
    for (const p of this.#procs.splice(0).reverse()) p.kill();
  }
  async stop() {
    await this.page?.call('DELETE', '').catch(() => {});
    this.#kill();
  }
}
export const webkitLauncher = (options) => new WebKitLauncher(options);
