import {expect} from '@open-wc/testing';

import {findInElement, findInMarkdown, guard} from './walker.js';

// A walker that never finds anything would let all other tests pass.

const mathml = 'http://www.w3.org/1998/Math/MathML';

function make(name: string, attributes: Readonly<Record<string, string>> = {}, namespace = 'http://www.w3.org/1999/xhtml'): Element {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  const root = document.createElement('div');
  root.append(element);
  return root;
}

describe('the walker of hostile answers', () => {
  const bad: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['script', {}],
    ['iframe', {}],
    ['style', {}],
    ['stream-chat', {}],
    ['p', {onclick: ''}],
    ['p', {style: ''}],
    ['p', {id: 'x'}],
    ['img', {srcset: ''}],
    ['a', {href: 'javascript:alert(1)'}],
    ['a', {href: ' https://evil.example/'}],
    ['a', {href: '/relative'}],
    ['a', {href: 'https://a@evil.example/'}],
    ['a', {href: 'mailto:a@evil.example?body=x'}],
    ['a', {href: 'https://evil.example/', ping: 'https://evil.example/'}],
    ['img', {src: 'data:image/svg+xml,x'}],
    ['img', {alt: 'a\u202eb'}],
  ];
  for (const [name, attributes] of bad) {
    it(`reports <${name} ${JSON.stringify(attributes)}>`, () => {
      expect(findInMarkdown(make(name, attributes))).not.to.be.empty;
      expect(findInElement(make(name, attributes))).not.to.be.empty;
    });
  }

  it('reports SVG and MathML outside of buttons and formulas', () => {
    expect(findInMarkdown(make('a', {}, 'http://www.w3.org/2000/svg'))).not.to.be.empty;
    expect(findInElement(make('svg', {}, 'http://www.w3.org/2000/svg'))).not.to.be.empty;
  });

  it('reports forbidden nodes in formulas, and formulas in wrong places', () => {
    const formula = (name: string, attributes: Readonly<Record<string, string>> = {}) => {
      const root = make('math', {}, mathml);
      root.setAttribute('part', 'math');
      root.firstElementChild!.append(...make(name, attributes, mathml).children);
      return root;
    };
    expect(findInMarkdown(formula('mi'))).to.be.empty;
    expect(findInMarkdown(formula('maction'))).not.to.be.empty;
    expect(findInMarkdown(formula('mi', {href: 'https://evil.example/'}))).not.to.be.empty;
    expect(findInMarkdown(formula('mi', {style: 'x'}))).not.to.be.empty;
    expect(findInMarkdown(make('math', {}, mathml))).not.to.be.empty;
    expect(findInMarkdown(make('mi', {}, mathml))).not.to.be.empty;
  });

  it('reports invisible text, and elements allowed only around an answer', () => {
    const root = make('p');
    root.firstElementChild!.textContent = 'a\u{e0041}b';
    expect(findInMarkdown(root)).to.have.length(1);
    expect(findInMarkdown(make('svg'))).not.to.be.empty;
    const answer = make('div', {part: 'text plain'});
    answer.firstElementChild!.append(document.createElement('form'));
    expect(findInElement(answer)).not.to.be.empty;
  });

  it('accepts allowed nodes', () => {
    expect(findInMarkdown(make('a', {href: 'https://example.org/', rel: 'noopener'}))).to.be.empty;
    expect(findInElement(make('details', {part: 'reasoning', open: ''}))).to.be.empty;
  });

  it('reports dialogs, names on the window and keys on prototypes', () => {
    const happened = guard();
    alert('');
    Object.assign(window, {pwned: 1});
    Object.assign(Object.prototype, {polluted: 1});

    expect(happened()).to.deep.equal(['alert()', 'window.pwned', 'a prototype has another key']);
    Reflect.deleteProperty(window, 'pwned');
    Reflect.deleteProperty(Object.prototype, 'polluted');
  });
});
