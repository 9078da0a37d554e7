// Measures one run of one contender, in a browser of its own.
import {chromium} from 'playwright-core';

import {findChromium} from '../browsers.mjs';
import {workloads} from './server.mjs';

/** Maximum time for a contender to show the whole text, in milliseconds. */
const runTimeout = 120_000;

const args = ['--no-sandbox', '--disable-background-networking', '--disable-extensions', '--enable-precise-memory-info'];

/** Records long tasks (over 50 ms) and long animation frames from now on. */
function watchTasks() {
  globalThis.tasks = [];
  new PerformanceObserver((list) => {
    for (const {startTime, duration} of list.getEntries()) globalThis.tasks.push([startTime, duration]);
  }).observe({type: 'longtask', buffered: true});
  globalThis.longFrames = [];
  new PerformanceObserver((list) => {
    for (const {startTime, duration, renderStart, styleAndLayoutStart, scripts} of list.getEntries()) {
      globalThis.longFrames.push({
        startTime,
        duration,
        work: renderStart && renderStart - startTime,
        draw: styleAndLayoutStart && styleAndLayoutStart - renderStart,
        paint: styleAndLayoutStart && startTime + duration - styleAndLayoutStart,
        scripts: scripts.map(({invoker, duration, forcedStyleAndLayoutDuration}) => [invoker, duration, forcedStyleAndLayoutDuration]),
      });
    }
  }).observe({type: 'long-animation-frame', buffered: true});
}

/** Records after each animation frame which mark of the text is shown. Never combined with CPU measurements, which it would distort. */
function watchFrames() {
  const {port1, port2} = new MessageChannel();
  const seen = (globalThis.frames = []);
  let shown = 0;
  let last;
  let at = 0;
  port1.onmessage = () => {
    const text = bench.root().textContent;
    const marks = text.slice(Math.max(0, at - 400)).matchAll(/w(\d+)e/g);
    at = text.length;
    for (const [, mark] of marks) {
      while (shown < +mark) seen.push({mark: ++shown, time: performance.timeOrigin + performance.now()});
    }
  };
  globalThis.gaps = [];
  const frame = (now) => {
    if (last !== undefined) globalThis.gaps.push(now - last);
    last = now;
    port2.postMessage(null);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Whether all marks are shown, once and in order. */
function isWhole(marks) {
  const seen = [...bench.root().textContent.matchAll(/w(\d+)e/g)].map(([, mark]) => +mark);
  const answer = seen.slice(-marks);
  return answer.length === marks && answer.every((mark, i) => mark === i + 1);
}

const percentile = (values, part) => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
};

/** Runs `workload` in the page of `contender`. With `probe`, measures animation frames and latency instead of CPU. */
export async function measure(server, contender, workload, {probe = false, profile = false, attributes = ''} = {}) {
  const {old} = workloads[workload];
  server.current.workload = workload;
  const browser = await chromium.launch({executablePath: findChromium(), args});
  const result = {contender, workload, probe};
  let timer;
  try {
    const page = await browser.newPage({viewport: {width: 1000, height: 800}});
    page.on('pageerror', (error) => (result.error ??= String(error).slice(0, 200)));
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    const metrics = async () =>
      Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({name, value}) => [name, value]));
    await page.addInitScript(watchTasks);
    const url = `${server.base}/page.html?page=${contender}&attributes=${encodeURIComponent(attributes)}`;
    const ready = () => page.waitForFunction(() => globalThis.bench, undefined, {timeout: 20_000});
    await page.goto(url);
    await ready();
    if (old) {
      const opened = await metrics();
      await page.evaluate(async (count) => {
        const messages = await (await fetch(`/old?count=${count}`)).json();
        sessionStorage.setItem('history', JSON.stringify(messages));
        bench.open?.(messages);
      }, old);
      if (await page.evaluate(() => !bench.open)) {
        await page.reload();
        await ready();
      }
      await page.waitForTimeout(1500);
      result.open = ((await metrics()).TaskDuration - opened.TaskDuration) * 1000;
    }
    await page.waitForTimeout(500);
    if (probe) await page.evaluate(watchFrames);
    await page.evaluate(() => (globalThis.tasks.length = globalThis.longFrames.length = 0));
    if (profile) {
      await cdp.send('Profiler.enable');
      await cdp.send('Profiler.setSamplingInterval', {interval: 200});
      await cdp.send('Profiler.start');
    }
    await cdp.send('HeapProfiler.collectGarbage');
    const before = await metrics();
    const seconds = [];
    let isSampling = false;
    const ticker = probe
      ? undefined
      : setInterval(async () => {
          if (isSampling) return;
          isSampling = true;
          const {TaskDuration} = await metrics().catch(() => ({}));
          seconds.push([performance.now(), TaskDuration]);
          isSampling = false;
        }, 1000);
    const startedAt = performance.now();
    const marks = server.marks(workload);
    const ran = page.evaluate(
      async ({workload, marks}) => {
        await bench.run(`/stream?workload=${workload}&format=${bench.format}`);
        // Some widgets do not report the end of an answer.
        while (bench.polls && !bench.root().textContent.includes(`w${marks}e`)) await new Promise((go) => setTimeout(go, 250));
        await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
      },
      {workload, marks},
    );
    ran.catch(() => undefined);
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('not finished')), runTimeout);
    });
    await Promise.race([ran, late]).finally(() => clearInterval(ticker));
    result.wall = performance.now() - startedAt;
    await page.waitForTimeout(300);
    const after = await metrics();
    const cost = (name) => (after[name] - before[name]) * 1000;
    result.cpu = cost('TaskDuration');
    result.script = cost('ScriptDuration');
    result.layout = cost('LayoutDuration') + cost('RecalcStyleDuration');
    const rates = seconds.slice(1).map(([time, cpu], i) => ((cpu - seconds[i][1]) / (time - seconds[i][0])) * 1e6);
    if (rates.length > 8) result.flat = (rates.at(-2) + rates.at(-3)) / (rates[1] + rates[2]);
    result.tasks = await page.evaluate(() => globalThis.tasks);
    result.longFrames = await page.evaluate(() => globalThis.longFrames.toSorted((a, b) => b.duration - a.duration).slice(0, 5));
    result.longest = Math.max(0, ...result.tasks.map(([, duration]) => duration));
    result.whole = await page.evaluate(isWhole, marks);
    if (profile) result.profile = (await cdp.send('Profiler.stop')).profile;
    await cdp.send('HeapProfiler.collectGarbage');
    const end = await metrics();
    result.heap = (end.JSHeapUsedSize - before.JSHeapUsedSize) / 1e6;
    result.nodes = end.Nodes - before.Nodes;
    if (probe) {
      const {frames, gaps} = await page.evaluate(() => ({frames: globalThis.frames, gaps: globalThis.gaps}));
      const waits = frames.map(({mark, time}) => time - server.written.get(mark)).filter((wait) => wait === wait);
      result.latency = percentile(waits, 0.95);
      result.first = waits[0];
      result.gap = Math.max(...gaps);
    }
  } catch (error) {
    result.error ??= String(error.message ?? error).split('\n')[0].slice(0, 160);
    result.whole ??= false;
  } finally {
    clearTimeout(timer);
    await Promise.race([browser.close(), new Promise((go) => setTimeout(go, 3000))]);
  }
  return result;
}
