/**
 * Adds server commands that @web/test-runner-commands lacks, in Chromium through CDP: `engine-media` emulates any media
 * feature, `engine-collect` collects garbage. Both return `false` in other browsers.
 */
export function engineCommandsPlugin() {
  const sessions = new WeakMap();
  // One CDP session per page, because another session could not undo the emulation.
  const connect = async (page) => {
    if (!sessions.has(page)) sessions.set(page, await page.createCDPSession());
    return sessions.get(page);
  };
  return {
    name: 'engine-commands',
    async executeCommand({command, payload, session}) {
      const b = session.browser;
      if (command === 'engine-name') return b.name;
      if (command === 'engine-media') {
        if (b.name !== 'Chrome') return false;
        const cdp = await connect(b.getPage(session.id));
        await cdp.send('Emulation.setEmulatedMedia', {features: payload});
        return true;
      }
      if (command === 'engine-collect') {
        if (b.name !== 'Chrome') return false;
        const cdp = await connect(b.getPage(session.id));
        await cdp.send('HeapProfiler.collectGarbage');
        return true;
      }
    },
  };
}
