declare const safe: unique symbol;

/** A URL checked by `safeUrl`. Only such strings become an `href` or `src`. */
export type SafeUrl = string & {readonly [safe]: true};

/** Use of a URL. */
export type UrlKind = 'link' | 'image';

const protocols: Readonly<Record<UrlKind, readonly string[]>> = {
  link: ['http:', 'https:', 'mailto:'],
  image: ['http:', 'https:'],
};

/**
 * Returns the URL `value`, from a model, a server or the host page, if it is safe, and `undefined` otherwise. `value` is
 * already decoded (character references, escapes). The parsed URL is checked, and that URL is returned, not `value`.
 *
 * Rejects schemes other than http, https and (for links) mailto, and URLs with a user name or password, because
 * `https://trusted.com@evil.com` shows one host and leads to another. Removes the fields of a `mailto:` URL, because
 * `?body=` would leak a text with one click.
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
 * Returns whether `url` is under one of `prefixes`: the same origin, and a path that extends it by whole segments.
 * Compared as strings, `https://trusted.com` would be a prefix of `https://trusted.com.evil.com`.
 */
export function isUnderPrefix(url: SafeUrl, prefixes: readonly string[], base: string): boolean {
  const target = new URL(url);
  return prefixes.some((prefix) => {
    const allowed = parseUrl(prefix, base);
    if (!allowed || allowed.origin === 'null' || allowed.origin !== target.origin) return false;
    // A server may decode `%2f` and `%5c` to a slash, and then `..%2f` leaves the folder.
    if (/%2f|%5c/i.test(target.pathname)) return false;
    const folder = allowed.pathname.replace(/\/$/, '');
    return (
      target.pathname === allowed.pathname || target.pathname === folder || target.pathname.startsWith(`${folder}/`)
    );
  });
}

/** Maximum length of a text that is searched for hosts, in characters. */
const maxTextLength = 2000;

/** Matches text that looks like a URL, anywhere in a text. */
const urlLike = /(?:\b[a-z][a-z\d+.-]{1,20}:[\\/]+|\bwww\.)[^\s<>"]+/gi;

/**
 * Matches an email address, an IP address, or a name with a dot among words, whatever it ends with: `Node.js` and `README.md`
 * too, as no list tells them from hosts (`.md` is Moldova) and a host behind a link is no harm.
 */
const hostInWords =
  /[^\s<>@]+@[^\s<>@]+\.[^\s<>@]{2,}|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|(?<![\p{L}\d.-])(?:[\p{L}\d][\p{L}\d-]{0,62}\.){1,9}\p{L}[\p{L}\d-]{1,62}(?![\p{L}\d-])/giu;

/** Characters that are not seen inside a name, and would break it up. */
const unseen = /[\p{Cf}\p{Variation_Selector}]/gu;

/** Matches a text that is only a host, a URL without its scheme, or an email address; `1.25` is none. */
const hostAlone = /^(?:mailto:)?(?:\d+\.\d+\.\d+\.\d+|[^\s/?#]+\.[^\s/?#.:\d][^\s/?#.:]+)\.?(?::\d+)?(?:[/?#].*)?$/;

/** Matches ASCII without the characters that a host, a URL or an email address needs, as most texts are. */
const plainWords = /^[^.:@\u0080-\uffff]*$/;

/**
 * Returns the host or email address to which `url` leads, if its visible `text` is or contains a URL, host or email
 * address that differs from it. A host in lookalike letters differs too, because the real one is in ASCII.
 */
export function hiddenHost(url: SafeUrl, text: string): string | undefined {
  if (plainWords.test(text)) return undefined;
  const target = new URL(url);
  // Nobody reads a text of that length to its end: what stands there is not searched for, and the host is shown.
  if (text.length > maxTextLength) return target.host || decodePath(target.pathname);
  // Normalize as browsers do: full-width letters, and the full stops of other scripts.
  const shown = text.normalize('NFKC').replace(unseen, '').replace(/[。․ꓸ]/g, '.').trim();
  const names = hostAlone.test(shown) ? [shown] : [...(shown.match(urlLike) ?? []), ...(shown.replace(urlLike, ' ').match(hostInWords) ?? [])];
  if (names.length === 0) return undefined;
  if (target.protocol === 'mailto:') {
    const address = decodePath(target.pathname);
    return names.every((name) => plainName(name) === plainName(address)) ? undefined : address;
  }
  return names.every((name) => plainName(hostOf(name)) === plainName(target.hostname)) ? undefined : target.host;
}

/** Returns the host that a name shows. Of `https://trusted.com@evil.com` that includes the user name, as users read it. */
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
