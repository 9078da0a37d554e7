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

const hostLike =
  /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?(?:[^\s/?#@]*@)?([^\s/?#@:]+\.[^\s/?#@:]{2,})(?::\d+)?(?:[/?#].*)?$/i;

/**
 * Returns where `url` really leads, if `text`, which is shown for it, reads like a URL, host or mail address and
 * names another place. A host in letters that only look alike differs too: the real one is in ASCII.
 */
export function hiddenHost(url: SafeUrl, text: string): string | undefined {
  const shown = hostLike.exec(text.trim())?.[1]?.toLowerCase();
  if (!shown) return undefined;
  const target = new URL(url);
  if (target.protocol === 'mailto:') {
    const address = decodePath(target.pathname);
    return text
      .trim()
      .toLowerCase()
      .replace(/^mailto:/, '') === address.toLowerCase()
      ? undefined
      : address;
  }
  const plain = (host: string) => host.replace(/^www\./, '').replace(/\.$/, '');
  return plain(shown) === plain(target.hostname) ? undefined : target.host;
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
