/** Adds a server command that @web/test-runner-commands lacks: emulates any media feature, in Chromium through CDP. */
export function engineCommandsPlugin() {
  const sessions = new WeakMap();
  return {
    name: 'engine-commands',
    async executeCommand({command, payload, session}) {
      const b = session.browser;
      if (command === 'engine-name') return b.name;
      if (command === 'engine-media') {
        if (b.name !== 'Chrome') return false;
        const page = b.getPage(session.id);
        // One CDP session per page, because another session could not undo the emulation.
        if (!sessions.has(page)) sessions.set(page, await page.createCDPSession());
        const cdp = sessions.get(page);
        await cdp.send('Emulation.setEmulatedMedia', {features: payload});
        return true;
      }
    },
  };
}
