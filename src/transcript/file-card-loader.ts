import {plainName} from '../lib/strip-invisible.js';
import type {Part} from '../model/conversation.js';
import type {RenderContext} from '../renderers/renderer.js';

type FilePart = Extract<Part, {type: 'file'}>;

let loading: Promise<typeof import('./file-card.js') | undefined> | undefined;

/**
 * Draws a file with a lazy module, which is loaded for the first file. If it cannot be loaded, only the file's name is
 * shown. `isOwn`: the user sent the file.
 */
export async function drawFileCard(element: HTMLElement, part: FilePart, context: RenderContext, isOwn: boolean): Promise<void> {
  loading ??= import('./file-card.js').catch((error: unknown) => {
    console.error('<stream-chat> shows only the names of files, because "file-card.js" could not be loaded.', error);
    return undefined;
  });
  const card = await loading;
  try {
    if (card) return card.drawFile(element, part, context, isOwn);
  } catch (error) {
    console.error('<stream-chat> shows only the name of a file, because it could not be drawn.', error);
  }
  element.textContent = plainName(part.name) || plainName(part.mediaType);
}
