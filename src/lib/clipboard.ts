import {readDocument} from './read-document.js';

/** A text for the clipboard, and the same with its formatting. */
export interface Copied {
  readonly text: string;
  readonly html?: string;
}

/**
 * Copies a text. Resolves to whether it was copied: outside of secure contexts, and where a policy forbids the clipboard,
 * with the command of older browsers, which works in a click only. `root`: where the button is.
 */
export async function copyToClipboard(copied: Copied, root: Node): Promise<boolean> {
  const {clipboard} = navigator as Partial<Navigator>;
  try {
    if (!clipboard) return copyByCommand(copied, root);
    if (copied.html !== undefined && clipboard.write && 'ClipboardItem' in globalThis) await clipboard.write([createItem(copied)]);
    else await clipboard.writeText(copied.text);
    return true;
  } catch (error) {
    // Refused by a permission or a policy; the command has rules of its own.
    if (copyByCommand(copied, root)) return true;
    console.warn('<stream-chat> could not copy: the browser refuses the clipboard.', error);
    return false;
  }
}

function createItem({text, html = ''}: Copied): ClipboardItem {
  const blob = (type: string, content: string) => new Blob([content], {type});
  return new ClipboardItem({'text/plain': blob('text/plain', text), 'text/html': blob('text/html', html)});
}

function copyByCommand({text, html}: Copied, root: Node): boolean {
  const isInside = root instanceof ShadowRoot;
  const focused = (isInside ? root.activeElement : readDocument('activeElement')) as HTMLElement | null;
  const holder = isInside ? root : readDocument('body')!;
  // Safari copies only what is selected, so there has to be a selection, whatever is written in its place.
  const input = document.createElement('textarea');
  input.value = text;
  input.readOnly = true;
  input.ariaHidden = 'true';
  for (const [name, value] of [['position', 'fixed'], ['inset', '0 auto auto 0'], ['opacity', '0']] as const) input.style.setProperty(name, value);
  let isCopied = false;
  const write = (event: ClipboardEvent) => {
    if (!event.clipboardData) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData.setData('text/plain', text);
    if (html !== undefined) event.clipboardData.setData('text/html', html);
    isCopied = true;
  };
  input.addEventListener('copy', write);
  holder.append(input);
  try {
    input.select();
    // Deprecated, but there is nothing else without a secure context.
    return Document.prototype.execCommand.call(document, 'copy') && isCopied;
  } finally {
    input.remove();
    focused?.focus({preventScroll: true});
  }
}
