declare const safe: unique symbol;

/** A URL that was judged by `safeUrl`: only such strings become an `href` or `src`. */
export type SafeUrl = string & {readonly [safe]: true};

/** What a URL is used for. */
export type UrlKind = 'link' | 'image';

const protocols: Readonly<Record<UrlKind, readonly string[]>> = {
  link: ['http:', 'https:', 'mailto:'],
  image: ['http:', 'https:'],
};

/**
 * Judges the URL `value`, which a model, a server or a page wrote. It is decoded already (character references,
 * escapes): what is checked is the parsed URL, and what is returned is that very URL, not `value`.
 *
 * Refused are other schemes than http, https and (for links) mailto, and URLs with a user name or password:
 * `https://trusted.com@evil.com` shows one host and leads to another. The fields of a `mailto:` URL are dropped,
 * as `?body=` would carry a text away with one click.
 */
export function safeUrl(kind: UrlKind, value: string, base: string): SafeUrl | undefined {
  const url = parseUrl(value, base);
  if (!url || !protocols[kind].includes(url.protocol) || url.username || url.password) return undefined;
  if (url.protocol === 'mailto:') {
    url.search = '';
    url.hash = '';
  }
  return url.href as SafeUrl;
}

/**
 * Whether `url` is under one of `prefixes`: the same origin, and a path that goes on with whole segments.
 * Compared as strings, `https://trusted.com` would be a prefix of `https://trusted.com.evil.com`.
 */
export function isUnderPrefix(url: SafeUrl, prefixes: readonly string[], base: string): boolean {
  const target = new URL(url);
  return prefixes.some((prefix) => {
    const allowed = parseUrl(prefix, base);
    if (!allowed || allowed.origin === 'null' || allowed.origin !== target.origin) return false;
    // A server may take `%2f` and `%5c` for a slash, and then `..%2f` leaves the folder.
    if (/%2f|%5c/i.test(target.pathname)) return false;
    const folder = allowed.pathname.replace(/\/$/, '');
    return (
      target.pathname === allowed.pathname || target.pathname === folder || target.pathname.startsWith(`${folder}/`)
    );
  });
}

/** Longer texts than this are not read as the name of a place. */
const longestName = 2000;

/** What reads like a URL, wherever it stands in a text. */
const urlLike = /(?:\b[a-z][a-z\d+.-]{1,20}:[\\/]+|\bwww\.)[^\s<>"]+/gi;

/** What reads like a host or a mail address among words. Most other endings are those of files, or of names: `Node.js`. */
const hostInWords =
  /[^\s<>@]+@[^\s<>@]+\.[^\s<>@]{2,}|(?<![\p{L}\d.-])(?:[\p{L}\d-]{1,63}\.){1,9}(?:com|org|net|gov|edu|mil|int|info|bank|io|ai|app|dev|co)(?:\.[a-z]{2})?(?![\p{L}\d-])/giu;

/** A text that is a host, a URL without its scheme, or a mail address, and nothing else; `1.25` is none. */
const hostAlone = /^(?:mailto:)?(?:\d+\.\d+\.\d+\.\d+|[^\s/?#]+\.[^\s/?#.:\d][^\s/?#.:]+)\.?(?::\d+)?(?:[/?#].*)?$/;

/** ASCII without what a host, a URL or a mail address needs: so are most texts. */
const plainWords = /^[^.:@\u0080-\uffff]*$/;

/**
 * Returns where `url` really leads, if `text`, which is shown for it, reads like a URL, host or mail address, or holds
 * one, and names another place. A host in letters that only look alike differs too: the real one is in ASCII.
 */
export function hiddenHost(url: SafeUrl, text: string): string | undefined {
  if (plainWords.test(text)) return undefined;
  // As browsers read it: wide letters, and the stops of other scripts.
  const shown = text.slice(0, longestName).normalize('NFKC').replace(/[。․]/g, '.').trim();
  const names = hostAlone.test(shown) ? [shown] : [...(shown.match(urlLike) ?? []), ...(shown.replace(urlLike, ' ').match(hostInWords) ?? [])];
  if (names.length === 0) return undefined;
  const target = new URL(url);
  if (target.protocol === 'mailto:') {
    const address = decodePath(target.pathname);
    return names.every((name) => plainName(name) === plainName(address)) ? undefined : address;
  }
  return names.every((name) => plainName(hostOf(name)) === plainName(target.hostname)) ? undefined : target.host;
}

/** The host that a name shows. With a user in front of it, it is taken for that one: `https://trusted.com@evil.com`. */
function hostOf(name: string): string {
  return (/^(?:[a-z][a-z\d+.-]*:(?=[\\/]))?[\\/]*([^\\/?#:]*)/i.exec(name)?.[1] ?? '').replace(/[.,;!)\]}'’»”]+$/, '');
}

function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:mailto:|www\.)/, '')
    .replace(/\.$/, '');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function parseUrl(value: string, base: string): URL | undefined {
  try {
    return new URL(value, base);
  } catch {
    return undefined;
  }
}
