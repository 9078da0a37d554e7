// Measures the memory that a page uses for streamed answers, and what it retains after they are cleared.
import {chromium} from 'playwright-core';

import {findChromium} from '../browsers.mjs';

/** Streams `answers` answers of `workload` one after another, then clears the conversation. Sizes are in bytes. */
export async function measureMemory(server, {workload = 'burst', answers = 100} = {}) {
  server.current.workload = workload;
  const browser = await chromium.launch({executablePath: findChromium(), args: ['--no-sandbox', '--disable-background-networking']});
  try {
    const page = await browser.newPage({viewport: {width: 1000, height: 800}});
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    await page.goto(`${server.base}/page.html?page=stream-chat`);
    await page.waitForFunction(() => globalThis.bench);
    const read = async () => {
      // Wait for pending tasks and idle callbacks, which retain memory.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 6000)));
      for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage');
      const {metrics} = await cdp.send('Performance.getMetrics');
      const {JSHeapUsedSize: heap, Nodes: nodes, JSEventListeners: listeners} = Object.fromEntries(metrics.map(({name, value}) => [name, value]));
      return {heap, nodes, listeners};
    };
    const run = (count) =>
      page.evaluate(
        async ({count, workload}) => {
          let length = 0;
          for (let i = 0; i < count; i++) {
            await bench.run(`/stream?workload=${workload}&format=${bench.format}`);
            length += document.querySelector('stream-chat').messages.at(-1).text.length;
          }
          return length;
        },
        {count, workload},
      );
    const clear = () => page.evaluate(() => document.querySelector('stream-chat').clear());

    // Warm up, because compiled code and lazy modules stay in memory without being retained by answers.
    await run(3);
    await clear();
    const before = await read();
    const length = await run(answers);
    const full = await read();
    await clear();
    const after = await read();
    return {answers, length, before, full, after};
  } finally {
    await browser.close();
  }
}
