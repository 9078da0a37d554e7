import {expect, fixture, html} from '@open-wc/testing';

import {StreamChat, type StreamChatErrorCode, type Strings} from '../../src/index.js';
import {en} from '../../src/locales/en.js';
import {createChat, part, until} from '../helpers/chat.js';
import {json, script} from '../helpers/server.js';

const tags = ['zh-CN', 'ja', 'ko', 'de', 'fr', 'es', 'pt-BR', 'ru', 'ar', 'he', 'hi'];
const codes: readonly StreamChatErrorCode[] = [
  'network',
  'offline',
  'http',
  'auth',
  'rate-limit',
  'timeout',
  'interrupted',
  'protocol',
  'provider',
  'too-large',
  'tool',
  'config',
];

/** Letters of the script of a language. */
const scripts: Readonly<Record<string, RegExp>> = {
  'zh-CN': /\p{Script=Han}/u,
  ja: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u,
  ko: /\p{Script=Hangul}/u,
  ru: /\p{Script=Cyrillic}/u,
  ar: /\p{Script=Arabic}/u,
  he: /\p{Script=Hebrew}/u,
  hi: /\p{Script=Devanagari}/u,
};
/** Names of keys and technical terms, which are not translated. */
const foreign = /\b(Enter|Esc|Markdown|token)\b/g;

/** Arguments of the functions that take words; the others take numbers, each with a different plural form. */
const words: Partial<Record<keyof Strings, readonly unknown[]>> = {
  spokenCode: ['Xqz1', 7],
  codeBlock: ['Xqz1'],
  followLink: ['Xqz1'],
  formulaFailed: ['Xqz1'],
  loadImage: ['Xqz1'],
  removeFile: ['Xqz1'],
  fileAdded: ['Xqz1'],
  fileType: ['Xqz1'],
  fileSize: ['Xqz1', 'Xqz2'],
  fileUnread: ['Xqz1'],
  saveFile: ['Xqz1'],
};
const numbers = [5, 7, 9];

async function load(tag: string): Promise<Strings> {
  return ((await import(`../../src/locales/${tag}.ts`)) as {strings: Strings}).strings;
}

/** Calls a function of a table. Returns its text, and what the text must contain. */
function say(strings: Strings, key: keyof Strings): {said: string; given: readonly unknown[]}[] {
  if (key === 'error') return codes.map((code) => ({said: strings.error(code, 'Xqz1'), given: []}));
  const call = strings[key] as (...args: readonly unknown[]) => string;
  const args = words[key] ?? numbers;
  return [{said: call(...args), given: args.slice(0, (en[key] as typeof call).length)}];
}

describe('locales', () => {
  for (const tag of tags) {
    describe(tag, () => {
      let strings: Strings;
      before(async () => (strings = await load(tag)));

      it('has every key of English, with the same type, and no other', () => {
        const kinds = (table: Strings) => Object.fromEntries(Object.entries(table).map(([key, value]) => [key, typeof value]));

        expect(kinds(strings)).to.deep.equal(kinds(en));
        expect(strings.language).to.equal(tag);
        expect(strings.direction).to.equal(['ar', 'he'].includes(tag) ? 'rtl' : 'ltr');
      });

      it('has a text for each key that contains all arguments', () => {
        for (const [key, value] of Object.entries(strings) as [keyof Strings, unknown][]) {
          if (typeof value === 'string') expect(value.trim(), key).to.not.equal('');
          if (typeof value !== 'function') continue;
          const all = say(strings, key);
          for (const {said, given} of all) {
            for (const arg of given) expect(said, key).to.contain(String(arg));
            expect(said, key).to.not.match(/undefined|NaN|null|\[object|#/);
          }
        }
      });

      if (scripts[tag]) {
        it('contains no English', () => {
          for (const [key, value] of Object.entries(strings) as [keyof Strings, unknown][]) {
            if (key === 'language' || key === 'direction') continue;
            const all = typeof value === 'function' ? say(strings, key).map(({said}) => said) : [String(value)];
            for (const said of all) {
              expect(said, key).to.match(scripts[tag]!);
              expect(said.replace(/Xqz\d/g, '').replace(foreign, ''), key).to.not.match(/[A-Za-z]{2,}/);
            }
          }
        });
      } else {
        it('differs from English in most texts', () => {
          const same = Object.entries(strings).filter(([key, value]) => typeof value === 'string' && value === en[key as keyof Strings]);

          expect(same.length, same.map(([key]) => key).join()).to.be.below(9);
        });
      }
    });
  }

  it('uses the plural forms of the language', async () => {
    const unread = async (tag: string, ...counts: number[]) => counts.map((await load(tag)).unread);

    expect(await unread('ru', 1, 2, 5, 21, 22, 25)).to.deep.equal([
      '1 непрочитанное сообщение',
      '2 непрочитанных сообщения',
      '5 непрочитанных сообщений',
      '21 непрочитанное сообщение',
      '22 непрочитанных сообщения',
      '25 непрочитанных сообщений',
    ]);
    expect(new Set(await unread('ar', 1, 2, 3, 11, 100))).to.have.length(5);
    expect(await unread('he', 1, 2, 3)).to.deep.equal(['הודעה אחת שלא נקראה', 'שתי הודעות שלא נקראו', '3 הודעות שלא נקראו']);
    expect((await load('de')).charactersLeft(12345)).to.contain('12.345');
    expect((await load('fr')).tooLong(1)).to.equal('1 caractère en trop');
  });
});

describe('the language of a chat', () => {
  const input = (chat: StreamChat) => part<HTMLTextAreaElement>(chat, 'input').placeholder;
  const isSpoken = (chat: StreamChat, placeholder: string) => until(() => input(chat) === placeholder, `it says ${placeholder}`);

  for (const [lang, placeholder] of [
    ['zh-CN', '输入你的问题…'],
    ['zh', '输入你的问题…'],
    ['zh-Hans', '输入你的问题…'],
    ['zh_SG', '输入你的问题…'],
    ['pt', 'Faça uma pergunta…'],
    ['de-AT', 'Frage eingeben …'],
    ['iw', 'מה השאלה?'],
    ['EN-gb', en.placeholder],
    ['zh-TW', en.placeholder],
    ['zh-Hant-HK', en.placeholder],
    ['sv', en.placeholder],
    ['no such thing', en.placeholder],
  ] as const) {
    it(`is for lang="${lang}" that of "${placeholder}"`, async () => {
      const chat = await createChat({lang});
      await chat.updateComplete;

      expect(input(chat)).to.equal(placeholder);
    });
  }

  it('is that of the nearest ancestor, across shadow roots, and of nothing else', async () => {
    const box = await fixture(html`<div lang="ja"><p></p></div>`);
    const inner = document.createElement('stream-chat');
    box.firstElementChild!.attachShadow({mode: 'open'}).append(inner);
    await inner.updateComplete;
    await isSpoken(inner, '質問を入力してください…');

    box.setAttribute('lang', '');
    await isSpoken(inner, en.placeholder);
  });

  it('follows changes of the page', async () => {
    const before = document.documentElement.lang;
    const chat = await createChat();
    try {
      document.documentElement.lang = 'ko';
      await isSpoken(chat, '질문을 입력하세요…');
      chat.lang = 'fr';
      await isSpoken(chat, 'Posez une question…');
      chat.removeAttribute('lang');
      await isSpoken(chat, '질문을 입력하세요…');
    } finally {
      document.documentElement.lang = before;
    }
    await isSpoken(chat, en.placeholder);
  });

  it('translates rendered content, and lets strings override it', async () => {
    const chat = await createChat({lang: 'de'});
    chat.messages = [{role: 'user', text: 'Los.'}, {role: 'assistant', text: 'Ja', status: 'stopped'}];
    await chat.updateComplete;
    await until(() => part(chat, 'note').textContent.includes('Angehalten'));

    chat.strings = {stopped: 'Aus'};
    await until(() => part(chat, 'note').textContent.includes('Aus'));
    chat.lang = 'es';
    await until(() => part(chat, 'log').ariaLabel === 'Conversación');
    await until(() => part(chat, 'note').querySelector('button')!.textContent.trim() === 'Regenerar');

    expect(part(chat, 'note').textContent).to.contain('Aus');
  });

  it('shows an error as one sentence of the language; the event keeps what the server said', async () => {
    const server = await script([json({error: {message: 'Quota of Ada exceeded.'}}, 403)]);
    const chat = await createChat({lang: 'zh-CN', endpoint: server.url, retries: '0'});

    const answer = await chat.send('你好');
    await until(() => part(chat, 'error').textContent.includes('没有访问权限'));

    expect(part(chat, 'error').textContent).to.not.match(/[a-z]{3}/i);
    expect(answer!.error!.message).to.contain('Quota of Ada exceeded.');
    expect(answer!.error!.message).to.not.match(/\p{Script=Han}/u);
  });

  it('renders right to left if the language does and the page sets no direction', async () => {
    const dir = (chat: StreamChat) => getComputedStyle(part(chat, 'base')).direction;
    const chat = await createChat({lang: 'ar'});
    await isSpoken(chat, 'اكتب سؤالك…');
    expect(dir(chat)).to.equal('rtl');
    const send = part(chat, 'send').getBoundingClientRect();
    expect(send.right).to.be.below(part(chat, 'input').getBoundingClientRect().left + 1);

    chat.dir = 'ltr';
    await until(() => dir(chat) === 'ltr');
    chat.removeAttribute('dir');
    chat.lang = 'de';
    await isSpoken(chat, 'Frage eingeben …');
    expect(dir(chat)).to.equal('ltr');
  });

  it('uses the direction of the nearest dir', async () => {
    const box = await fixture(html`<div dir="rtl"><stream-chat></stream-chat></div>`);
    const chat = box.querySelector('stream-chat')!;
    await chat.updateComplete;

    expect(getComputedStyle(part(chat, 'base')).direction).to.equal('rtl');
  });

  it('can be registered by the host page, also for existing chats', async () => {
    const chat = await createChat({lang: 'pl'});
    expect(input(chat)).to.equal(en.placeholder);

    StreamChat.registerLocale('pl', {language: 'pl', placeholder: 'Zapytaj…'});
    await isSpoken(chat, 'Zapytaj…');

    expect(part(chat, 'send').getAttribute('aria-label')).to.equal(en.send);
    await isSpoken(await createChat({lang: 'pl-PL'}), 'Zapytaj…');
  });
});
