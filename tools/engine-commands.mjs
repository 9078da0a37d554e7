/** Server commands that @web/test-runner-commands lacks: every media feature, in Chromium through CDP. */
export function engineCommandsPlugin() {
  return {
    name: 'engine-commands',
    async executeCommand({command, payload, session}) {
      const b = session.browser;
      if (command === 'engine-name') return b.name;
      if (command === 'engine-media') {
        if (b.name !== 'Chrome') return false;
        const cdp = await b.getPage(session.id).createCDPSession();
        await cdp.send('Emulation.setEmulatedMedia', {features: payload});
        return true;
      }
    },
  };
}
