import type * as CopyContent from './copy-content.js';

/**
 * Copies a selection in the transcript as it looks: with the numbers, bullets and boxes of lists, which browsers leave out in
 * a shadow tree, and without labels of buttons.
 */
export function listenForCopies(log: HTMLElement): void {
  let loading: Promise<typeof CopyContent> | undefined;
  let copying: typeof CopyContent | undefined;
  const load = async () => {
    try {
      copying = await (loading ??= import('./copy-content.js'));
    } catch (error) {
      loading = undefined;
      console.warn('<stream-chat> leaves copying to the browser, because the file "copy-content.js" could not be loaded.', error);
    }
  };
  // Before the copy, because the event waits for nothing.
  log.addEventListener('selectstart', () => void load());
  log.getRootNode().addEventListener('copy', (event) => {
    const {clipboardData} = event as ClipboardEvent;
    if (event.defaultPrevented || !copying || !clipboardData) return;
    const range = copying.selectedRange(log);
    const copied = range && copying.copyRange(range);
    if (!copied) return;
    event.preventDefault();
    clipboardData.setData('text/plain', copied.text);
    clipboardData.setData('text/html', copied.html!);
  });
}
