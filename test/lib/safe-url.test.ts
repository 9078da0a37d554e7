import {expect} from '@open-wc/testing';

import {hiddenHost, isUnderPrefix, safeUrl, type SafeUrl} from '../../src/lib/safe-url.js';

const base = 'https://host.example/app/';

describe('safe-url', () => {
  const refused = [
    'JaVaScRiPt:1',
    ' javascript:1',
    'java\tscript:1',
    'java\nscript:1',
    '\u0001javascript:1',
    'vbscript:1',
    'data:text/html,x',
    'data:image/svg+xml,<svg/>',
    'blob:https://host.example/x',
    'file:///etc/passwd',
    'intent://x#Intent;end',
    'view-source:https://a.example',
    'about:blank',
    'tel:123',
    'sms:123',
    'ftp://a.example',
    'https://trusted.com@evil.com/',
    'https://a:b@evil.com/',
    'https://:b@evil.com/',
    'http://',
    'https://[',
  ];
  for (const url of refused)
    it(`rejects ${JSON.stringify(url)}`, () => {
      expect(safeUrl('link', url, base)).to.equal(undefined);
      expect(safeUrl('image', url, base)).to.equal(undefined);
    });

  const resolved: readonly (readonly [string, string])[] = [
    ['javascript&colon;1', 'https://host.example/app/javascript&colon;1'],
    ['//evil.com/x', 'https://evil.com/x'],
    ['/\\evil.com', 'https://evil.com/'],
    ['\\\\evil.com\\x', 'https://evil.com/x'],
    ['https:evil.com', 'https://host.example/app/evil.com'],
    ['https:/evil.com', 'https://host.example/evil.com'],
    ['https://trusted.com%2eevil.com/', 'https://trusted.com.evil.com/'],
    ['https://trusted.com。evil.com', 'https://trusted.com.evil.com/'],
    ['https://ⓔvil.com', 'https://evil.com/'],
    ['http://①②⑦.⓪.⓪.①/', 'http://127.0.0.1/'],
    ['https://t.com/a/../../b', 'https://t.com/b'],
    ['https://t.com/a/..%2fb', 'https://t.com/a/..%2fb'],
    ['#part', 'https://host.example/app/#part'],
    ['', 'https://host.example/app/'],
  ];
  for (const [url, href] of resolved)
    it(`normalizes ${JSON.stringify(url)} as a browser does`, () => {
      expect(safeUrl('link', url, base)).to.equal(href);
    });

  it('removes the fields of a mailto URL, which would leak text', () => {
    expect(safeUrl('link', 'mailto:a@b.example?subject=x&body=secret#y', base)).to.equal('mailto:a@b.example');
    expect(safeUrl('image', 'mailto:a@b.example', base)).to.equal(undefined);
  });

  it('compares prefixes by origin and path segment', () => {
    const isUnder = (url: string, prefix: string) => {
      const judged = safeUrl('image', url, base);
      return judged !== undefined && isUnderPrefix(judged, [prefix], base);
    };
    const cdn = 'https://cdn.example/img/';

    for (const [url, prefix] of [
      ['https://cdn.example/a.png', 'https://cdn.example'],
      ['https://cdn.example/img/a.png', 'https://cdn.example/img'],
      ['https://cdn.example/img/a.png', cdn],
      ['https://cdn.example/img', cdn],
      ['https://host.example/app/a.png', '.'],
      ['a.png', '/app/'],
      // URLs that a browser normalizes to the same are the same.
      ['HTTPS://CDN.EXAMPLE/img/a.png', cdn],
      ['https://cdn.example:443/img/a.png', cdn],
      ['https://cdn.example/x/../img/a.png', cdn],
      ['https:\\\\cdn.example\\img\\a.png', cdn],
      ['https://ⓒdn.example/img/a.png', cdn],
      ['https://cdn.example/img/a.png?x=/../..#y', cdn],
      ['https://cdn.example/img/a.png', 'https://CDN.example:443/img?x#y'],
    ] as const)
      expect(isUnder(url, prefix), `${url} under ${prefix}`).to.equal(true);

    for (const [url, prefix] of [
      ['https://cdn.example.evil.com/img/a.png', cdn],
      ['https://cdn.example.evil.com/', 'https://cdn.example'],
      ['https://cdn.example%2eevil.com/img/a.png', cdn],
      ['https://cdn.example。evil.com/img/a.png', cdn],
      ['https://evil.com/https://cdn.example/img/a.png', cdn],
      ['https://evil.com/?https://cdn.example/img/', cdn],
      ['https://evil.com/#https://cdn.example/img/', cdn],
      ['https://evilcdn.example/img/a.png', cdn],
      ['https://sub.cdn.example/img/a.png', cdn],
      ['https://cdn.example./img/a.png', cdn],
      ['https://cdn.example@evil.com/img/a.png', cdn],
      ['https://cdn.example:443@evil.com/img/a.png', cdn],
      ['https://evil.com\\@cdn.example/img/a.png', cdn],
      ['https://user@cdn.example/img/a.png', cdn],
      ['https://user:secret@cdn.example/img/a.png', cdn],
      ['http://cdn.example/img/a.png', cdn],
      ['https://cdn.example:8443/img/a.png', cdn],
      ['https://cdn.example/images/a.png', cdn],
      ['https://cdn.example/img2/a.png', 'https://cdn.example/img'],
      ['https://cdn.example/IMG/a.png', cdn],
      ['https://cdn.example/img/../secret.png', cdn],
      ['https://cdn.example/img/%2e%2e/secret.png', cdn],
      ['https://cdn.example/img/.%2E/secret.png', cdn],
      ['https://cdn.example/img/..\\secret.png', cdn],
      ['https://cdn.example/img/..%2fsecret.png', cdn],
      ['https://cdn.example/img/..%5Csecret.png', cdn],
      ['//evil.com/img/a.png', 'https://host.example'],
      ['data:image/png;base64,AA==', 'data:'],
      ['https://evil.com/', 'not a url'],
      ['https://evil.com/', 'https:'],
      ['https://evil.com/', '*'],
      ['https://evil.com/', 'https://*'],
      ['https://evil.com/', ''],
    ] as const)
      expect(isUnder(url, prefix), `${url} under ${prefix}`).to.equal(false);
  });

  describe('the real host of a link', () => {
    const differing: readonly (readonly [text: string, url: string, shown: string])[] = [
      ['https://trusted.com/login', 'https://evil.com/', 'evil.com'],
      ['trusted.com', 'https://evil.com/', 'evil.com'],
      ['TRUSTED.COM/login', 'https://evil.com/', 'evil.com'],
      ['www.trusted.com', 'https://evil.com:8443/', 'evil.com:8443'],
      ['//trusted.com/', 'https://evil.com/', 'evil.com'],
      ['https:/trusted.com', 'https://evil.com/', 'evil.com'],
      ['https:\\\\trusted.com', 'https://evil.com/', 'evil.com'],
      ['http://localhost/', 'https://evil.com/', 'evil.com'],
      ['10.0.0.1', 'https://evil.com/', 'evil.com'],
      ['https://evil.com@trusted.com', 'https://evil.com/', 'evil.com'],
      ['https://trusted.com@evil.com', 'https://evil.com/', 'evil.com'],
      ['https://trusted.com:443@evil.com', 'https://evil.com/', 'evil.com'],
      ['trusted。com', 'https://evil.com/', 'evil.com'],
      ['ｔｒｕｓｔｅｄ．ｃｏｍ', 'https://evil.com/', 'evil.com'],
      ['ｈｔｔｐｓ：／／trusted.com', 'https://evil.com/', 'evil.com'],
      ['trusted\u200b.com', 'https://evil.com/', 'evil.com'],
      ['аpple.com', 'https://xn--pple-43d.com/', 'xn--pple-43d.com'],
      ['see https://trusted.com/login now', 'https://evil.com/', 'evil.com'],
      ['(https://trusted.com)', 'https://evil.com/', 'evil.com'],
      ['Log in at www.trusted.example', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted.com.', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted.co.uk', 'https://evil.com/', 'evil.com'],
      ['https://evil.com or https://trusted.com', 'https://evil.com/', 'evil.com'],
      ['a@trusted.com', 'mailto:a@evil.com', 'a@evil.com'],
      ['write to a@trusted.com', 'mailto:a@evil.com', 'a@evil.com'],
      ['a@trusted.com', 'https://evil.com/', 'evil.com'],
      ['https://trusted.com', 'mailto:a@evil.com', 'a@evil.com'],
      ['Log in at trusted.de', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted.de/login?a=b', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted.bank.', 'https://evil.com/', 'evil.com'],
      ['Log in at konto.trusted.xyz, please', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted.рф', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted.xn--p1ai', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted\u200c.de', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted\u00ad.d\u200de', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted．de', 'https://evil.com/', 'evil.com'],
      ['Log in at trusted․de', 'https://evil.com/', 'evil.com'],
      ['Log in at 10.0.0.1', 'https://evil.com/', 'evil.com'],
      ['Log in at evil.com, formerly trusted.de', 'https://evil.com/', 'evil.com'],
      ['the documentation of Node.js, see README.md', 'https://evil.com/', 'evil.com'],
      [`${'word '.repeat(500)} at trusted.de`, 'https://evil.com/', 'evil.com'],
    ];
    for (const [text, url, shown] of differing)
      it(`is ${shown} for ${JSON.stringify(text.slice(0, 80))}`, () => {
        expect(hiddenHost(url as SafeUrl, text)).to.equal(shown);
      });

    const honest: readonly (readonly [text: string, url: string])[] = [
      ['trusted.com', 'https://www.trusted.com/'],
      ['www.trusted.com', 'https://trusted.com/'],
      ['trusted.com.', 'https://trusted.com/'],
      ['Trusted.com:8443/x', 'https://trusted.com:8443/x'],
      ['https://trusted.com', 'https://trusted.com/x'],
      ['see https://trusted.com, or (https://trusted.com/a)', 'https://trusted.com/x'],
      ['the trusted.com documentation', 'https://trusted.com/x'],
      ['https://trusted.com/?u=https://other.com/a.io', 'https://trusted.com/?u=https://other.com/a.io'],
      ['a@trusted.com', 'mailto:a@trusted.com'],
      ['mailto:a@trusted.com', 'mailto:a@trusted.com'],
      ['write to a@trusted.com', 'mailto:a@trusted.com'],
      ['the documentation', 'https://evil.com/'],
      ['Log in at trusted.de', 'https://trusted.de/login'],
      ['e.g. the U.S. edition, i.e. no. 5 of Ph.D. theses', 'https://evil.com/'],
      ['Read on... or not', 'https://evil.com/'],
      ['version 1.2.3', 'https://evil.com/'],
      ['version 1.25', 'https://evil.com/'],
      ['1.25', 'https://evil.com/'],
      ['', 'https://evil.com/'],
    ];
    for (const [text, url] of honest)
      it(`is not reported for ${JSON.stringify(text)}`, () => {
        expect(hiddenHost(url as SafeUrl, text)).to.equal(undefined);
      });

    it('takes no more time if the text is long', () => {
      const url = 'https://evil.com/' as SafeUrl;
      for (const part of ['a.', 'a-', 'www.', 'http://', 'a@', '@', 'com.', '1.', '://', 'ａ．']) hiddenHost(url, part.repeat(50_000));
    });
  });
});
