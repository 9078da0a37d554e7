/** Code as pieces, each with the class that colours it. */
type Piece = readonly [text: string, kind?: 'tag' | 'name' | 'value'];

const escape = (value: string) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

function element(attributes: Readonly<Record<string, string>>): Piece[] {
  const pieces: Piece[] = [['<stream-chat', 'tag']];
  for (const [name, value] of Object.entries(attributes)) {
    pieces.push(['\n  '], [name, 'name'], ['='], [`"${escape(value)}"`, 'value']);
  }
  return [...pieces, ['\n'], ['></stream-chat>', 'tag']];
}

/** Writes the HTML of a page with this element into `target`. */
export function showSnippet(target: HTMLElement, attributes: Readonly<Record<string, string>>): void {
  const pieces: Piece[] = [
    ['<script', 'tag'],
    [' '],
    ['type', 'name'],
    ['='],
    ['"module"', 'value'],
    ['\n  '],
    ['src', 'name'],
    ['='],
    ['"stream-chat.js"', 'value'],
    ['\n></script>\n', 'tag'],
    ...element(attributes),
  ];
  target.replaceChildren(
    ...pieces.map(([text, kind]) => {
      if (!kind) return text;
      const span = document.createElement('span');
      span.className = kind;
      span.textContent = text;
      return span;
    }),
  );
}
