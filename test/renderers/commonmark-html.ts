/**
 * Serializes what the renderer drew as CommonMark's reference implementation does: headings are mapped back, paragraphs
 * of tight lists have no tags, controls are omitted. `<`, `>`, `&` and `"` are not escaped, as raw HTML is text here:
 * `bare` does the same to the expected HTML.
 */
export function toCommonMark(root: Node): string {
  let html = '';
  const startLine = () => {
    if (html && !html.endsWith('\n')) html += '\n';
  };
  const inside = (node: Node) => node.childNodes.forEach(visit);
  const block = (tag: string, node: Node, isOwnLine = false) => {
    startLine();
    html += `<${tag}>`;
    if (isOwnLine) startLine();
    inside(node);
    if (isOwnLine) startLine();
    html += `</${tag.split(' ')[0]}>`;
    startLine();
  };
  const visit = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) {
      html += node.nodeValue ?? '';
      return;
    }
    const element = node as Element;
    const tag = element.localName;
    if (element.getAttribute('part') === 'code-block') {
      const language = element.querySelector('[part=code-language]')?.textContent ?? '';
      startLine();
      html += `<pre><code${language ? ` class="language-${language}"` : ''}>`;
      html += `${element.querySelector('code')?.textContent ?? ''}</code></pre>`;
      startLine();
    } else if (element.classList.contains('html')) {
      startLine();
      inside(element);
      startLine();
    } else if (/^h[3-6]$/.test(tag)) block(tag, element);
    else if (tag === 'p') {
      if (element.parentElement?.parentElement?.classList.contains('tight')) inside(element);
      else block('p', element);
    } else if (tag === 'ol' && element.hasAttribute('start'))
      block(`ol start="${element.getAttribute('start')}"`, element, true);
    else if (tag === 'ul' || tag === 'ol' || tag === 'blockquote') block(tag, element, true);
    else if (tag === 'li') {
      html += '<li>';
      inside(element);
      html += '</li>';
      startLine();
    } else if (tag === 'hr') {
      startLine();
      html += '<hr />\n';
    } else if (tag === 'br') html += '<br />\n';
    else if (tag === 'a') {
      html += `<a${attribute(element, 'href')}${attribute(element, 'title')}>`;
      element.childNodes.forEach((child) => {
        if ((child as Element).getAttribute?.('part') !== 'link-host') visit(child);
      });
      html += '</a>';
    } else if (tag === 'img')
      html += `<img${attribute(element, 'src')} alt="${element.getAttribute('alt')}"${attribute(element, 'title')} />`;
    // The box that reserves the space of an image.
    else if (element.getAttribute('part') === 'image' && element.querySelector('img')) visit(element.querySelector('img')!);
    else if (element.getAttribute('part') === 'image') html += `<img alt="${element.textContent}" />`;
    else {
      html += `<${tag}>`;
      inside(element);
      html += `</${tag}>`;
    }
  };
  inside(root);
  startLine();
  return html;
}

function attribute(element: Element, name: string): string {
  const value = element.getAttribute(name);
  return value === null ? '' : ` ${name}="${value}"`;
}

/** Maps the headings of CommonMark's expected HTML to the levels of an answer. */
export function demoteHeadings(html: string): string {
  const levels: Record<string, string> = {1: 'h3', 2: 'h4', 3: 'h5', 4: 'h6', 5: 'h6', 6: 'h6'};
  return html.replace(/<(\/?)h([1-6])>/g, (_, slash: string, level: string) => `<${slash}${levels[level]}>`);
}

/**
 * Normalizes HTML for comparison: `urls` maps its URLs, or drops them. Tags that are raw HTML are treated alike on both
 * sides, so both have to be normalized.
 */
export function comparable(html: string, urls: (kind: 'link' | 'image', url: string) => string | undefined): string {
  return bare(
    html
      .replace(/<a href="([^"]*)"( title="[^"]*")?>/g, (_, url: string, title: string | undefined) => {
        const safe = urls('link', bare(url));
        return safe === undefined ? '<a>' : `<a href="${safe}"${title ?? ''}>`;
      })
      .replace(/<img src="([^"]*)" alt="([^"]*)"( title="[^"]*")? \/>/g, (_, url: string, alt: string, title = '') => {
        const safe = urls('image', bare(url));
        return safe === undefined ? `<img alt="${alt}" />` : `<img src="${safe}" alt="${alt}"${title} />`;
      }),
  );
}

function bare(html: string): string {
  return html
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
