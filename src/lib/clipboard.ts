import {readDocument} from './read-document.js';

/** A text for the clipboard, and the same with its formatting. */
export interface Copied {
  readonly text: string;
  readonly html?: string;
}

/**
 * Copies a text. Resolves to whether it was copied: outside of secure contexts, and where a policy forbids the clipboard,
 * with the command of older browsers, which works in a click only. `html`: its formatting, which may take time to make, while
 * Safari allows the clipboard only to what is called in the click itself. `root`: where the button is.
 */
export async function copyToClipboard(text: string, html: Promise<string | undefined> | undefined, root: Node): Promise<boolean> {
  const {clipboard} = navigator as Partial<Navigator>;
  try {
    if (!clipboard) return copyByCommand(await copied(text, html), root);
    if (html && clipboard.write && 'ClipboardItem' in globalThis) await clipboard.write([createItem(text, html)]);
    else await clipboard.writeText(text);
    return true;
  } catch (error) {
    // Refused by a permission or a policy; the command has rules of its own.
    if (copyByCommand(await copied(text, html), root)) return true;
    console.warn('<stream-chat> could not copy: the browser refuses the clipboard.', error);
    return false;
  }
}

async function copied(text: string, html: Promise<string | undefined> | undefined): Promise<Copied> {
  const markup = await html;
  return {text, ...(markup && {html: markup})};
}

function createItem(text: string, html: Promise<string | undefined>): ClipboardItem {
  const blob = (type: string, content: string) => new Blob([content], {type});
  // Without formatting, the text is copied by the command: an empty one would be pasted as nothing.
  const markup = html.then((content) => (content ? blob('text/html', content) : Promise.reject(new Error('There is no formatting.'))));
  return new ClipboardItem({'text/plain': blob('text/plain', text), 'text/html': markup});
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
