// Measures one run of one contender with one shape, in a browser of its own: CPU time of the main thread, from a trace.
// Unlike the time that Chromium counts as tasks, that of the thread does not depend on what else the machine does.
import {chromium} from 'playwright-core';

import {findChromium} from '../browsers.mjs';

const args = ['--no-sandbox', '--disable-background-networking', '--disable-extensions'];

/** Returns the CPU time of the main thread and of its longest task, in milliseconds; `error` if it was not finished. */
export async function measureShape(server, contender, workload, {timeout = 60_000, attributes = ''} = {}) {
  server.current.workload = workload;
  const browser = await chromium.launch({executablePath: findChromium(), args});
  const result = {contender, workload};
  let timer;
  try {
    const page = await browser.newPage({viewport: {width: 1000, height: 800}});
    page.on('pageerror', (error) => (result.error ??= String(error).slice(0, 200)));
    await page.goto(`${server.base}/page.html?page=${contender}&attributes=${encodeURIComponent(attributes)}`);
    await page.waitForFunction(() => globalThis.bench, undefined, {timeout: 20_000});
    await page.waitForTimeout(300);
    await browser.startTracing(page, {categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing']});
    const url = `/stream?workload=${encodeURIComponent(workload)}&format=`;
    const ran = page.evaluate(async (url) => {
      performance.mark('bench');
      await bench.run(url + bench.format);
      await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
      return bench.root().textContent;
    }, url);
    ran.catch(() => undefined);
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('not finished')), timeout);
    });
    const text = await Promise.race([ran, late]);
    result.whole = /w1e[^]*w2e/.test(text);
    const {traceEvents} = JSON.parse((await browser.stopTracing()).toString());
    const mark = traceEvents.find(({name}) => name === 'bench');
    const tasks = traceEvents.filter(({name, tid, pid, ts}) => name === 'RunTask' && tid === mark.tid && pid === mark.pid && ts >= mark.ts);
    const times = tasks.map(({tdur = 0}) => tdur / 1000);
    result.cpu = times.reduce((sum, time) => sum + time, 0);
    result.longest = Math.max(...times);
  } catch (error) {
    result.error ??= String(error.message ?? error).split('\n')[0].slice(0, 160);
  } finally {
    clearTimeout(timer);
    await Promise.race([browser.close(), new Promise((go) => setTimeout(go, 3000))]);
  }
  return result;
}
