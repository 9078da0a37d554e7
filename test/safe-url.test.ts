import {expect} from '@open-wc/testing';

import {hiddenHost, isUnderPrefix, safeUrl, type SafeUrl} from '../src/safe-url.js';

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
    it(`refuses ${JSON.stringify(url)}`, () => {
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
    it(`makes ${JSON.stringify(url)} what a browser makes of it`, () => {
      expect(safeUrl('link', url, base)).to.equal(href);
    });

  it('drops the fields of a mail address, as they would carry text away', () => {
    expect(safeUrl('link', 'mailto:a@b.example?subject=x&body=secret#y', base)).to.equal('mailto:a@b.example');
    expect(safeUrl('image', 'mailto:a@b.example', base)).to.equal(undefined);
  });

  it('compares prefixes by origin and path segment', () => {
    const isUnder = (url: string, prefix: string) => isUnderPrefix(url as SafeUrl, [prefix], base);

    expect(isUnder('https://trusted.com/a.png', 'https://trusted.com')).to.equal(true);
    expect(isUnder('https://trusted.com/img/a.png', 'https://trusted.com/img')).to.equal(true);
    expect(isUnder('https://trusted.com/img/a.png', 'https://trusted.com/img/')).to.equal(true);
    expect(isUnder('https://host.example/app/a.png', '.')).to.equal(true);
    expect(isUnder('https://trusted.com/images/a.png', 'https://trusted.com/img')).to.equal(false);
    expect(isUnder('https://trusted.com/img2', 'https://trusted.com/img')).to.equal(false);
    expect(isUnder('https://trusted.com.evil.com/', 'https://trusted.com')).to.equal(false);
    expect(isUnder('http://trusted.com/', 'https://trusted.com')).to.equal(false);
    expect(isUnder('https://trusted.com:8443/', 'https://trusted.com')).to.equal(false);
    expect(isUnder('https://trusted.com/img/..%2fb', 'https://trusted.com/img')).to.equal(false);
    expect(isUnder('https://evil.com/', 'not a url')).to.equal(false);
  });

  it('tells where a link really leads when its text names another place', () => {
    const hidden = (url: string, text: string) => hiddenHost(url as SafeUrl, text);

    expect(hidden('https://evil.com/', 'https://trusted.com/login')).to.equal('evil.com');
    expect(hidden('https://evil.com/', 'trusted.com')).to.equal('evil.com');
    expect(hidden('https://evil.com/', 'https://evil.com@trusted.com')).to.equal('evil.com');
    expect(hidden('https://xn--pple-43d.com/', 'аpple.com')).to.equal('xn--pple-43d.com');
    expect(hidden('mailto:a@evil.com', 'a@trusted.com')).to.equal('a@evil.com');
    expect(hidden('https://www.trusted.com/', 'trusted.com')).to.equal(undefined);
    expect(hidden('https://trusted.com/x', 'https://trusted.com')).to.equal(undefined);
    expect(hidden('mailto:a@trusted.com', 'a@trusted.com')).to.equal(undefined);
    expect(hidden('https://evil.com/', 'the documentation')).to.equal(undefined);
  });
});
