/** Scrolls to an element and focuses it. Only the transcript scrolls, not the page around it. */
export function reveal(element: HTMLElement): void {
  element.focus({preventScroll: true});
  const box = element.closest('[part~="log"]');
  if (!box) return;
  const {top, bottom} = element.getBoundingClientRect();
  const edges = box.getBoundingClientRect();
  box.scrollTop += Math.min(0, top - edges.top) || Math.max(0, bottom - edges.bottom);
}
