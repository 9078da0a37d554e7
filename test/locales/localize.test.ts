import {expect, fixture, html} from '@open-wc/testing';
import type {ReactiveController} from 'lit';

import {en, type Strings} from '../../src/locales/en.js';
import {findLocale} from '../../src/locales/find-locale.js';
import {createGrammar, joinKnown} from '../../src/locales/locale.js';
import {Localizer, registerLocale} from '../../src/locales/localize.js';

const none: ReadonlyMap<string, Partial<Strings>> = new Map();
const found = async (tag: string, registered = none) => {
  const result = await findLocale(tag, registered);
  return result && ([result[0], result[1].language] as const);
};

describe('finding the strings of a language', () => {
  const known = ['zh-CN', 'ja', 'ko', 'de', 'fr', 'es', 'pt-BR', 'ru', 'ar', 'he', 'hi'];
  for (const tag of known) {
    it(`${tag} is its own`, async () => expect(await found(tag)).to.deep.equal([tag, tag]));
  }

  const cases: Record<string, string | undefined> = {
    pt: 'pt-BR',
    'pt-PT': 'pt-BR',
    zh: 'zh-CN',
    zh_Hans_SG: 'zh-CN',
    'zh-TW': undefined,
    'de-CH': 'de',
    DE: 'de',
    de_AT_1996: 'de',
    iw: 'he',
    'sr-Latn': undefined,
    'ru-Latn': undefined,
    sv: undefined,
    'not a tag': undefined,
    '': undefined,
    '-': undefined,
  };
  for (const [tag, expected] of Object.entries(cases)) {
    it(`${JSON.stringify(tag)} is ${expected}`, async () => expect((await found(tag))?.[0]).to.equal(expected));
  }

  it('English has no file: nothing differs from the fallback', async () => {
    expect(await findLocale('en-GB', none)).to.deep.equal(['en', {}]);
    expect(await findLocale('en', none)).to.deep.equal(['en', {}]);
  });

  it('a registered language comes before a built-in one, also for its regions', async () => {
    const strings: Partial<Strings> = {send: 'Los'};
    const registered = new Map([['de', strings]]);

    expect(await findLocale('de', registered)).to.deep.equal(['de', strings]);
    expect((await findLocale('de-AT', registered))![1]).to.equal(strings);
    expect((await findLocale('fr', registered))![0]).to.equal('fr');
    expect((await findLocale('pt', new Map([['pt-PT', strings]])))![0]).to.equal('pt-PT');
    expect((await findLocale('en', new Map([['en-AU', strings]])))![0], 'the tag itself comes first').to.equal('en');
  });

  it('a tag that is registered as it stands needs to be no valid one', async () => {
    const strings: Partial<Strings> = {send: 'nuqneH'};
    expect(await findLocale('x_klingon!', new Map([['x_klingon!', strings]]))).to.deep.equal(['x_klingon!', strings]);
  });
});

describe('grammar', () => {
  it('puts the number into the plural form of the language, and falls back to `other`', () => {
    const {plural, number, seconds} = createGrammar('de');
    expect(plural(1, {one: '# Wort', other: '# Wörter'})).to.equal('1 Wort');
    expect(plural(1234, {one: '# Wort', other: '# Wörter'})).to.equal('1.234 Wörter');
    expect(plural(1, {other: '#×'})).to.equal('1×');
    expect(number(0.5)).to.equal('0,5');
    expect(seconds(3)).to.match(/^3\sSek/);
    expect(createGrammar('de', 'long').seconds(3)).to.match(/^3\sSekunden$/);
  });

  it('joins what is known, with 0 as a value', () => {
    const show = (value: number) => `<${value}>`;
    expect(joinKnown([0, show], [undefined, show], [2, show])).to.equal('<0> · <2>');
    expect(joinKnown([undefined, show])).to.equal('');
  });
});

class LocalizedHost extends HTMLElement {
  updates = 0;
  readonly controllers: ReactiveController[] = [];
  readonly updateComplete = Promise.resolve(true);
  addController(controller: ReactiveController) {
    this.controllers.push(controller);
  }
  removeController() {}
  requestUpdate() {
    this.updates++;
  }
}
customElements.define('localized-host', LocalizedHost);

describe('the language of an element', () => {
  async function create(template = html`<localized-host></localized-host>`) {
    const box = await fixture<HTMLElement>(html`<div>${template}</div>`);
    const host = box.querySelector('localized-host') as LocalizedHost;
    const localizer = new Localizer(host);
    expect(host.controllers).to.deep.equal([localizer]);
    localizer.hostConnected();
    return {box, host, localizer};
  }
  /** What an update does: reads the language, and waits for its strings. */
  async function update(localizer: Localizer) {
    localizer.follow();
    await localizer.loading;
    localizer.follow();
  }
  /** Mutation observers are called in a microtask. */
  const observed = () => Promise.resolve();

  it('is English at once, without loading anything', async () => {
    for (const template of [html`<localized-host></localized-host>`, html`<localized-host lang="en-GB"></localized-host>`, html`<localized-host lang="  "></localized-host>`]) {
      const {localizer} = await create(template);
      localizer.follow();

      expect(localizer.loading).to.be.undefined;
      expect(localizer.read({})).to.include({language: en.language, send: en.send});
    }
  });

  it('"english" is not English', async () => {
    const {localizer} = await create(html`<localized-host lang="enm"></localized-host>`);
    localizer.follow();

    expect(localizer.loading).to.not.be.undefined;
  });

  it('stays as it was before it is connected, as on a server', async () => {
    const host = document.createElement('localized-host') as LocalizedHost;
    host.lang = 'de';
    const localizer = new Localizer(host);
    localizer.follow();

    expect(localizer.loading).to.be.undefined;
    expect(localizer.read({}).language).to.equal('en');
  });

  it('is that of its own lang, with an update when the strings are there, and the same object until they change', async () => {
    const {host, localizer} = await create(html`<localized-host lang=" de "></localized-host>`);
    const none = {};
    localizer.follow();
    expect(localizer.read(none).language).to.equal('en');
    const {updates} = host;
    await localizer.loading;

    expect(host.updates).to.equal(updates + 1);
    const strings = localizer.read(none);
    expect(strings.language).to.equal('de');
    localizer.follow();
    expect(localizer.read(none)).to.equal(strings);
    const overridden = localizer.read({send: 'Los'});
    expect(overridden).to.include({send: 'Los', language: 'de'});
    expect(localizer.read(none)).to.deep.equal(strings);
  });

  it('loads once per language', async () => {
    const {localizer} = await create(html`<localized-host lang="de"></localized-host>`);
    localizer.follow();
    const {loading} = localizer;
    localizer.follow();
    expect(localizer.loading).to.equal(loading);
    await loading;
    localizer.follow();
    expect(localizer.loading).to.equal(loading);
  });

  it('is the last one that was set, whichever loads first', async () => {
    const {host, localizer} = await create(html`<localized-host lang="de"></localized-host>`);
    localizer.follow();
    const first = localizer.loading;
    host.lang = 'fr';
    localizer.follow();
    host.lang = 'en';
    localizer.follow();
    await first;
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(localizer.loading).to.be.undefined;
    expect(localizer.read({}).language).to.equal('en');
  });

  it('of an unknown language is English, with no direction of that', async () => {
    const {localizer} = await create(html`<localized-host lang="sv"></localized-host>`);
    await update(localizer);

    expect(localizer.read({})).to.include({language: 'en'});
    expect(localizer.direction).to.be.undefined;
  });

  it('returns from another language to English', async () => {
    const {host, localizer} = await create(html`<localized-host lang="ar"></localized-host>`);
    await update(localizer);
    expect(localizer.direction).to.equal('rtl');
    host.lang = 'en';
    await update(localizer);

    expect(localizer.read({})).to.deep.equal({...en});
    expect(localizer.direction).to.equal('ltr');
  });

  describe('direction', () => {
    it('is that of the language if a lang is set, and none without', async () => {
      const {localizer} = await create();
      if (document.documentElement.lang) return;
      localizer.follow();
      expect(localizer.direction).to.be.undefined;
    });

    it('is none if the element, or what is nearer than the lang, has a dir', async () => {
      const templates = [
        html`<localized-host lang="ar" dir="ltr"></localized-host>`,
        html`<section lang="ar"><p dir="ltr"><localized-host></localized-host></p></section>`,
        html`<section lang="ar" dir="ltr"><localized-host></localized-host></section>`,
      ];
      for (const template of templates) {
        const {localizer} = await create(template);
        await update(localizer);
        expect(localizer.read({}).language).to.equal('ar');
        expect(localizer.direction).to.be.undefined;
      }
    });

    it('is that of a lang that is nearer than the dir', async () => {
      const {localizer} = await create(html`<section dir="ltr"><p lang="ar"><localized-host></localized-host></p></section>`);
      await update(localizer);

      expect(localizer.direction).to.equal('rtl');
    });
  });

  it('is found across shadow roots', async () => {
    const {box, host, localizer} = await create();
    box.lang = 'he';
    const root = box.attachShadow({mode: 'open'});
    const inner = document.createElement('div');
    root.append(inner);
    inner.append(host);
    await update(localizer);

    expect(localizer.read({}).language).to.equal('he');
    expect(localizer.direction).to.equal('rtl');
  });

  it('asks for an update when lang or dir changes: of itself, of the nearest ancestor with one, of the page', async () => {
    const {box, host, localizer} = await create();
    box.lang = 'de';
    await update(localizer);
    const {lang, dir} = document.documentElement;
    const changes: [string, () => void][] = [
      ['host lang', () => void (host.lang = 'fr')],
      ['host dir', () => void (host.dir = 'rtl')],
      ['ancestor lang', () => void (box.lang = 'fr')],
      ['ancestor dir', () => void (box.dir = 'rtl')],
      ['page lang', () => void (document.documentElement.lang = 'ko')],
      ['page dir', () => void (document.documentElement.dir = 'ltr')],
    ];
    try {
      for (const [name, change] of changes) {
        const {updates} = host;
        change();
        await observed();
        expect(host.updates, name).to.equal(updates + 1);
      }
      const {updates} = host;
      host.title = 'x';
      await observed();
      expect(host.updates, 'other attributes').to.equal(updates);
    } finally {
      document.documentElement.lang = lang;
      document.documentElement.dir = dir;
    }
  });

  it('observes nothing after it is disconnected, and again when it is connected again', async () => {
    const {host, localizer} = await create();
    host.lang = 'de';
    await update(localizer);
    localizer.hostDisconnected();
    const {updates} = host;
    host.lang = 'fr';
    await observed();
    expect(host.updates).to.equal(updates);

    localizer.hostConnected();
    expect(host.updates, 'lang may have changed').to.equal(updates + 1);
    await update(localizer);
    expect(localizer.read({}).language).to.equal('fr');
  });
});

describe('strings of the page', () => {
  const read = (overrides: unknown) => {
    const host = document.createElement('localized-host') as LocalizedHost;
    return new Localizer(host).read(overrides as Partial<Strings>);
  };

  it('replace those of the language, and none may be given', () => {
    expect(read({send: 'Los'})).to.include({send: 'Los', retry: en.retry});
    expect(read(null), 'null').to.deep.equal({...en});
    expect(read(undefined), 'undefined').to.deep.equal({...en});
  });

  it('may be a text in place of a function, but not anything in place of a text', () => {
    expect(read({reasoned: 'Thought'}).reasoned(3)).to.equal('Thought');
    expect(read({send: 3}).send).to.equal(en.send);
    expect(read({send: () => 'Los'}).send).to.equal(en.send);
    expect(read({reasoned: 3}).reasoned(3)).to.equal(en.reasoned(3));
  });

  it('are called with all values, and what they return is text', () => {
    const values: unknown[] = [];
    const strings = read({usage: (...all: unknown[]) => (values.push(...all), 5)});

    expect(strings.usage(1, 2, 3)).to.equal('5');
    expect(values).to.deep.equal([1, 2, 3]);
  });

  it('that throw are replaced by those of the language, with a message', () => {
    const {error} = console;
    const logged: unknown[] = [];
    console.error = (...all) => void logged.push(...all);
    try {
      const failure = new Error('No.');
      const strings = read({
        reasoned: () => {
          throw failure;
        },
      });
      expect(strings.reasoned(3)).to.equal(en.reasoned(3));
      expect(logged[0]).to.include('"reasoned"');
      expect(logged[1]).to.equal(failure);
    } finally {
      console.error = error;
    }
  });
});

// The last ones: a language stays registered.
describe('a language that is registered later', () => {
  it('updates the elements that are connected, and only these', async () => {
    const box = await fixture<HTMLElement>(html`<div><localized-host lang="de"></localized-host><localized-host lang="de"></localized-host></div>`);
    const hosts = [...box.querySelectorAll('localized-host')] as LocalizedHost[];
    const localizers = hosts.map((host) => new Localizer(host));
    for (const localizer of localizers) {
      localizer.hostConnected();
      localizer.follow();
      await localizer.loading;
    }
    localizers[1]!.hostDisconnected();
    const updates = hosts.map((host) => host.updates);
    registerLocale('de', {send: 'Ab damit'});

    expect(hosts[0]!.updates).to.equal(updates[0]! + 1);
    expect(hosts[1]!.updates, 'removed').to.equal(updates[1]);
    localizers[0]!.follow();
    await localizers[0]!.loading;
    expect(localizers[0]!.read({})).to.include({send: 'Ab damit', retry: en.retry});
    localizers[0]!.hostDisconnected();
  });

  it('may be English, which is loaded then', async () => {
    registerLocale('en', {send: 'Go'});
    const box = await fixture<HTMLElement>(html`<div><localized-host lang="en"></localized-host></div>`);
    const localizer = new Localizer(box.firstElementChild as LocalizedHost);
    localizer.hostConnected();
    localizer.follow();
    expect(localizer.loading).to.not.be.undefined;
    await localizer.loading;

    expect(localizer.read({})).to.include({send: 'Go', retry: en.retry});
    localizer.hostDisconnected();
  });
});
