import {expect, fixture, html} from '@open-wc/testing';

import {ScrollFollower} from '../../src/transcript/scroll-follower.js';
import {until} from '../helpers/chat.js';

const height = 200;
const row = 100;

describe('scroll follower', () => {
  let box: HTMLElement;
  let content: HTMLElement;
  let list: HTMLElement;
  let follower: ScrollFollower;
  let changes: {following: boolean; isAway: boolean}[];

  beforeEach(async () => {
    box = await fixture(html`<div tabindex="0"><div><p>Above</p><div></div></div></div>`);
    Object.assign(box.style, {blockSize: `${height}px`, overflow: 'auto', inlineSize: '300px'});
    content = box.firstElementChild as HTMLElement;
    content.style.paddingBlockEnd = '10px';
    (content.firstElementChild as HTMLElement).style.margin = '0';
    list = content.lastElementChild as HTMLElement;
    changes = [];
  });
  afterEach(() => follower.disconnect());

  function add(count: number, size = row) {
    for (let i = 0; i < count; i++) {
      const element = document.createElement('div');
      element.style.blockSize = `${size}px`;
      element.textContent = `Row ${list.children.length}`;
      list.append(element);
    }
  }
  function start(count = 10) {
    add(count);
    follower = new ScrollFollower(box, content, () => changes.push({following: follower.following, isAway: follower.isAway}));
    follower.follow();
    changes = [];
  }
  const range = () => box.scrollHeight - box.clientHeight;
  const left = () => Math.round(range() - box.scrollTop);
  /** As a scroll bar does. */
  function scrollBy(pixels: number) {
    box.scrollTop += pixels;
    follower.follow();
  }
  const frames = async (count = 3) => {
    for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame);
  };
  /** The reader detached: resolves when the module that keeps the place is loaded and in use. */
  const anchored = async () => {
    await import('../../src/transcript/scroll-anchor.js');
    await frames();
  };

  it('keeps the end in view as content is added, and changes nothing else', () => {
    start();
    expect(left()).to.equal(0);
    for (let i = 0; i < 3; i++) {
      follower.beforeContentChange();
      add(1);
      expect(left()).to.equal(row);
      follower.follow();
      expect(left()).to.equal(0);
    }

    expect(follower).to.include({following: true, isAway: false});
    expect(changes).to.deep.equal([]);
    // Safari before 27 does not support the property.
    if (CSS.supports('overflow-anchor', 'none')) expect(box.style.getPropertyValue('overflow-anchor')).to.equal('none');
  });

  it('begins at the end, with listeners that never delay scrolling, and reports nothing', () => {
    const passive: unknown[] = [];
    for (const target of [box, content]) {
      target.addEventListener = (...[type, listener, options]: Parameters<HTMLElement['addEventListener']>) => {
        passive.push((options as AddEventListenerOptions).passive);
        EventTarget.prototype.addEventListener.call(target, type, listener, options);
      };
    }
    add(10);
    follower = new ScrollFollower(box, content, () => changes.push({following: follower.following, isAway: follower.isAway}));

    expect(follower).to.include({following: true, isAway: false});
    expect(changes).to.deep.equal([]);
    expect(new Set(passive)).to.deep.equal(new Set([true]));
  });

  it('notices a reader who scrolls before it has followed anything', () => {
    add(10);
    follower = new ScrollFollower(box, content, () => undefined);
    box.scrollTop = range();
    box.dispatchEvent(new Event('scroll'));
    box.scrollTop -= 100;
    box.dispatchEvent(new Event('scroll'));

    expect(follower).to.include({following: false, isAway: true});
  });

  it('follows in an animation frame when content or box change by themselves', async () => {
    start();
    add(2);
    await until(() => left() === 0);
    box.style.blockSize = '120px';
    await until(() => left() === 0 && box.clientHeight === 120);
    list.lastElementChild!.remove();
    await frames();

    expect(left()).to.equal(0);
    expect(follower.following).to.be.true;
  });

  describe('the reader detaches', () => {
    const touch = (type: string, ...ys: number[]) => {
      const event = new Event(type, {bubbles: true});
      Object.defineProperty(event, 'touches', {value: ys.map((clientY) => ({clientY}))});
      box.dispatchEvent(event);
    };
    const key = (init: KeyboardEventInit) => box.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}));
    const wheel = (init: WheelEventInit) => box.dispatchEvent(new WheelEvent('wheel', {bubbles: true, ...init}));
    const point = (init: PointerEventInit) => box.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, pointerType: 'mouse', ...init}));
    const gestures: [name: string, act: () => void, detaches: boolean][] = [
      ['the wheel upwards', () => wheel({deltaY: -1}), true],
      ['the wheel downwards', () => wheel({deltaY: 1}), false],
      ['the wheel sideways', () => wheel({deltaY: 0, deltaX: -5}), false],
      ['zooming by the wheel', () => wheel({deltaY: -1, ctrlKey: true}), false],
      ['ArrowUp', () => key({key: 'ArrowUp'}), true],
      ['PageUp', () => key({key: 'PageUp'}), true],
      ['Home', () => key({key: 'Home'}), true],
      ['Shift+Space', () => key({key: ' ', shiftKey: true}), true],
      ['Space', () => key({key: ' '}), false],
      ['ArrowDown', () => key({key: 'ArrowDown'}), false],
      ['End', () => key({key: 'End'}), false],
      ['Shift+A', () => key({key: 'A', shiftKey: true}), false],
      ['a finger that moves down', () => (touch('touchstart', 100), touch('touchmove', 101)), true],
      ['a finger that moves up', () => (touch('touchstart', 100), touch('touchmove', 99)), false],
      ['a finger that does not move', () => (touch('touchstart', 100), touch('touchmove', 100)), false],
      ['a finger whose start was not seen', () => touch('touchmove', 1), true],
      ['fingers that are gone', () => (touch('touchstart'), touch('touchmove')), false],
      ['a selection by the mouse', () => point({buttons: 1}), true],
      ['a selection with another button held, too', () => point({buttons: 3}), true],
      ['the mouse alone', () => point({buttons: 0}), false],
      ['another button', () => point({buttons: 2}), false],
      ['a finger, as a pointer', () => point({buttons: 1, pointerType: 'touch'}), false],
    ];
    for (const [name, act, detaches] of gestures) {
      it(`${detaches ? 'by' : 'not by'} ${name}`, async () => {
        start();
        act();
        expect(follower.following).to.equal(!detaches);
        expect(changes).to.deep.equal(detaches ? [{following: false, isAway: false}] : []);
        act();
        expect(changes, 'once').to.have.length(detaches ? 1 : 0);

        add(2);
        follower.follow();
        await frames();

        expect(left()).to.equal(detaches ? 2 * row : 0);
        expect(follower.isAway).to.equal(detaches);
      });
    }

    it('not if everything is in view', () => {
      start(1);
      wheel({deltaY: -1});
      expect(follower.following).to.be.true;
    });

    it('by anything that scrolls up by more than a pixel', () => {
      start();
      scrollBy(-1);
      expect(follower.following).to.be.true;
      scrollBy(-2);
      expect(follower.following).to.be.false;
    });

    it('not by the browser, which moves the box up where content shrank', () => {
      start();
      list.lastElementChild!.remove();
      follower.follow();
      expect(follower.following).to.be.true;
      expect(left()).to.equal(0);
    });

    it('and is away only if more than 24 pixels are out of view', () => {
      start();
      scrollBy(-24);
      expect(follower).to.include({following: false, isAway: false});
      scrollBy(-1);
      expect(follower.isAway).to.be.true;
      expect(changes.at(-1)).to.deep.equal({following: false, isAway: true});
    });
  });

  describe('the reader attaches again', () => {
    it('by scrolling down to 24 pixels from the end, not to 25', () => {
      start();
      scrollBy(-200);
      expect(follower).to.include({following: false, isAway: true});
      scrollBy(175);
      expect(left()).to.equal(25);
      expect(follower.following).to.be.false;
      scrollBy(1);

      expect(follower).to.include({following: true, isAway: false});
      expect(left()).to.equal(0);
    });

    it('not because the end came near by itself', () => {
      start();
      scrollBy(-120);
      list.lastElementChild!.remove();
      follower.follow();

      expect(left()).to.be.within(1, 24);
      expect(follower.following).to.be.false;
      add(1);
      follower.follow();
      expect(left()).to.be.greaterThan(24);
    });

    it('not by scrolling down a little while the end comes nearer', () => {
      start();
      scrollBy(-300);
      scrollBy(10);
      expect(follower.following).to.be.false;
    });

    it('by scrollToEnd(), which follows from then on', () => {
      start();
      scrollBy(-300);
      follower.scrollToEnd();

      expect(left()).to.equal(0);
      expect(follower).to.include({following: true, isAway: false});
      add(1);
      follower.follow();
      expect(left()).to.equal(0);
      expect(changes.at(-1)).to.deep.equal({following: true, isAway: false});
    });

    it('scrollToEnd() while it follows says nothing', () => {
      start();
      follower.scrollToEnd();
      expect(changes).to.deep.equal([]);
    });
  });

  describe('a detached reader', () => {
    it('keeps the first visible row in place while content above it changes', async () => {
      start();
      scrollBy(-450);
      await anchored();
      await frames();
      scrollBy(-1);
      const first = [...list.children].find((child) => child.getBoundingClientRect().top >= box.getBoundingClientRect().top)!;
      const place = () => first.getBoundingClientRect().top - box.getBoundingClientRect().top;
      const before = place();
      box.style.setProperty('overflow-anchor', 'none');

      (list.firstElementChild as HTMLElement).style.blockSize = '160px';
      follower.follow();

      expect(place()).to.be.closeTo(before, 1);
      (list.firstElementChild as HTMLElement).style.blockSize = '20px';
      follower.follow();
      expect(place()).to.be.closeTo(before, 1);
    });
  });

  describe('content that changes within a frame', () => {
    it('does not count as scrolling until it has been followed', async () => {
      start();
      follower.beforeContentChange();
      list.replaceChildren();
      await new Promise((resolve) => setTimeout(resolve));
      box.dispatchEvent(new Event('scroll'));
      add(12);
      box.dispatchEvent(new Event('scroll'));
      follower.follow();

      expect(follower.following).to.be.true;
      expect(left()).to.equal(0);
    });

    it('what was scrolled before it does', () => {
      start();
      box.scrollTop -= 100;
      follower.beforeContentChange();
      add(1);
      follower.follow();

      expect(follower.following).to.be.false;
      expect(left()).to.equal(100 + row);
    });

    it('a reader who scrolls while content grows by itself is noticed at once', () => {
      start();
      follower.beforeContentChange();
      add(1);
      follower.follow();
      add(1);
      box.scrollTop -= 100;
      box.dispatchEvent(new Event('scroll'));

      expect(follower).to.include({following: false, isAway: true});
    });

    it('a pixel of rounding while content grows is no scrolling', () => {
      start();
      box.scrollTop -= 1;
      add(1);
      follower.follow();

      expect(follower.following).to.be.true;
      expect(left()).to.equal(0);
    });

    it('what came into view counts for what shrinks behind it', () => {
      start();
      add(5);
      content.dispatchEvent(new Event('contentvisibilityautostatechange'));
      for (let i = 0; i < 5; i++) list.lastElementChild!.remove();
      follower.follow();

      expect(follower.following).to.be.true;
      expect(left()).to.equal(0);
    });

    it('a pixel downwards while the end moves away from near does not attach', () => {
      start();
      const scroll = () => box.dispatchEvent(new Event('scroll'));
      box.scrollTop -= 120;
      scroll();
      list.lastElementChild!.remove();
      scroll();
      expect(left()).to.equal(20);
      content.style.paddingBlockEnd = '13px';
      box.scrollTop += 1;
      scroll();

      expect(left()).to.equal(22);
      expect(follower.following).to.be.false;
    });

    it('a scroll event outside of it does', () => {
      start();
      box.scrollTop -= 100;
      box.dispatchEvent(new Event('scroll'));

      expect(follower).to.include({following: false, isAway: true});
    });
  });

  it('a box that was not rendered keeps its position, and its reader', async () => {
    start();
    scrollBy(-300);
    await anchored();
    const before = box.scrollTop;
    box.style.display = 'none';
    follower.follow();
    add(1);
    follower.follow();
    box.style.display = '';
    box.scrollTop = 0;
    follower.follow();

    expect(box.scrollTop).to.be.closeTo(before, 1);
    expect(follower.following).to.be.false;
  });

  it('a box that was not rendered, at its end, is at its end again', () => {
    start();
    box.style.display = 'none';
    follower.follow();
    add(3);
    follower.follow();
    box.style.display = '';
    follower.follow();
    follower.follow();

    expect(left()).to.equal(0);
    expect(follower).to.include({following: true, isAway: false});
  });

  describe('a pinned question', () => {
    const pin = async (index: number) => {
      const question = list.children[index] as HTMLElement;
      follower.pin(question);
      await until(() => list.style.getPropertyValue('min-block-size') !== '');
      follower.follow();
      return question;
    };
    const top = (element: Element) => Math.round(element.getBoundingClientRect().top - box.getBoundingClientRect().top);

    it('is 16 pixels below the top, with space for its answer, and stays there while that grows', async () => {
      start();
      add(1, 40);
      const question = await pin(10);
      expect(top(question)).to.be.closeTo(16, 1);
      expect(follower.following).to.be.false;
      expect(changes[0]).to.deep.equal({following: false, isAway: false});

      for (let i = 0; i < 5; i++) {
        follower.beforeContentChange();
        add(1);
        follower.follow();
        expect(top(question)).to.be.closeTo(16, 1);
      }
      expect(follower.isAway).to.be.true;
    });

    it('that is higher than two fifths of the box shows its end there', async () => {
      start();
      add(1, 500);
      const question = await pin(10);

      expect(Math.round(question.getBoundingClientRect().bottom - box.getBoundingClientRect().top)).to.be.closeTo(0.4 * height, 1);
    });

    it('is left by the reader, and scrolling to the end does not follow that', async () => {
      start();
      add(1, 40);
      const question = await pin(10);
      add(5);
      follower.follow();
      scrollBy(-50);
      expect(top(question)).to.be.closeTo(66, 1);
      box.scrollTop = range();
      follower.follow();
      add(1);
      follower.follow();

      expect(follower.following).to.be.false;
      expect(left()).to.be.closeTo(row, 1);
    });

    it('is left by scrolling down, too', async () => {
      start();
      add(1, 40);
      const question = await pin(10);
      add(5);
      follower.follow();
      scrollBy(1);
      expect(top(question), 'one pixel is rounding').to.be.closeTo(16, 1);
      scrollBy(2);
      add(1);
      follower.follow();

      expect(top(question)).to.be.closeTo(14, 1);
    });

    it('ends by scrollToEnd(), which takes the space away', async () => {
      start();
      await pin(9);
      follower.scrollToEnd();

      expect(list.style.getPropertyValue('min-block-size')).to.equal('');
      expect(left()).to.equal(0);
      scrollBy(-200);
      box.scrollTop = range();
      follower.follow();
      expect(follower.following, 'attaches again').to.be.true;
    });

    it('that is gone is not followed', async () => {
      start();
      const question = await pin(9);
      const before = box.scrollTop;
      question.remove();
      add(1);
      follower.follow();

      expect(box.scrollTop).to.be.closeTo(before, 1);
    });
  });

  it('a pinned question that is not rendered keeps its space, and the reader is as far from the end as before', async () => {
    start();
    add(1, 40);
    follower.pin(list.lastElementChild as HTMLElement);
    await until(() => list.style.getPropertyValue('min-block-size') !== '');
    add(5);
    follower.follow();
    expect(follower.isAway).to.be.true;
    const space = list.style.getPropertyValue('min-block-size');
    changes = [];
    box.style.display = 'none';
    follower.follow();
    content.dispatchEvent(new Event('contentvisibilityautostatechange'));

    expect(list.style.getPropertyValue('min-block-size')).to.equal(space);
    expect(follower.isAway).to.be.true;
    expect(changes).to.deep.equal([]);
  });

  it('after disconnect() nothing is observed', async () => {
    start();
    follower.disconnect();
    box.dispatchEvent(new WheelEvent('wheel', {deltaY: -1}));
    expect(follower.following).to.be.true;
    add(3);
    await frames();

    expect(left()).to.equal(3 * row);
    expect(changes).to.deep.equal([]);
  });

  it('content that comes into view and gets its height counts as no scrolling', () => {
    start();
    add(1);
    content.dispatchEvent(new Event('contentvisibilityautostatechange'));

    expect(left()).to.equal(0);
    expect(follower.following).to.be.true;
  });
});
