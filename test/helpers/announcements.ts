import {aTimeout} from '@open-wc/testing';

/** A line that was added to a live region of the page. */
export interface Announced {
  readonly text: string;
  /** The language that a voice reads it in, or an empty string. */
  readonly lang: string;
  readonly isUrgent: boolean;
  readonly time: number;
}

/** What the chat announces of its own on a slow machine. */
const waiting = /^(?:Waiting for the answer…|Still waiting, \d+ s…)$/;

const isExposed = (element: Element) => element.checkVisibility() && !element.closest('[aria-hidden="true"], [inert]');

/**
 * Notes what reaches the accessibility tree of the page as announcements: lines added to live regions that existed before,
 * outside anything hidden. `isWithWaiting`: including how long the chat waits.
 */
export async function noteAnnouncements(isWithWaiting = false): Promise<Announced[]> {
  const announced: Announced[] = [];
  const note = (records: MutationRecord[]) => {
    for (const {target, addedNodes} of records) {
      const region = (target instanceof Element ? target : target.parentElement!).closest('[aria-live="polite"], [aria-live="assertive"]');
      if (!region || !isExposed(region)) continue;
      for (const line of addedNodes) {
        const text = line.textContent!.trim();
        const lang = (line as Element).closest('[lang]')?.getAttribute('lang') ?? '';
        if (isWithWaiting || !waiting.test(text)) announced.push({text, lang, isUrgent: region.getAttribute('aria-live') === 'assertive', time: performance.now()});
      }
    }
  };
  // The announcer is loaded when the element is connected, and listens a task later.
  await import('../../src/deferred.js');
  await aTimeout(0);
  new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true});
  return announced;
}
