import type {Part} from '../model/conversation.js';
import type {RenderContext} from '../renderers/renderer.js';

type FilePart = Extract<Part, {type: 'file'}>;

let loading: Promise<typeof import('./file-card.js') | undefined> | undefined;

/** Draws a file with the part that is loaded with the first one; without that part its name. `isOwn`: the person sent it. */
export async function showFile(element: HTMLElement, part: FilePart, context: RenderContext, isOwn: boolean): Promise<void> {
  loading ??= import('./file-card.js').catch((error: unknown) => {
    console.error('<stream-chat> shows the names of files alone: its file "file-card.js" could not be loaded.', error);
    return undefined;
  });
  const card = await loading;
  if (card) card.drawFile(element, part, context, isOwn);
  else element.textContent = part.name ?? part.mediaType;
}
