import type {Language} from './lexer.js';

const block = ['c', '/\\*', '*/'] as const;
const slashes = ['c', '//.*'] as const;
const hash = ['c', '(?<![^\\s;])#.*'] as const;
const double = ['s', '"(?:\\\\.|[^"\\\\])*"?'] as const;
const single = ['s', "'(?:\\\\.|[^'\\\\])*'?"] as const;
/** One character: elsewhere a quote may start a lifetime or separate digits. */
const character = ['s', "'(?:\\\\[^']+|[^'\\\\])'"] as const;
const number = [
  'n',
  '(?<![\\p{L}_])(?:0[xXbBoO][\\da-fA-F_]+|\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)[a-zA-Z%]*',
] as const;
const type = ['a', '\\b[A-Z][a-zA-Z0-9]*\\b(?!\\s?\\()'] as const;
const annotation = ['a', '@[A-Za-z][\\w.]*'] as const;

const script =
  'as async await break case catch class const continue debugger default delete do else export extends false finally for from function get if import in instanceof let new null of return satisfies set static super switch this throw true try typeof undefined var void while with yield';
const typed = `${script} abstract any boolean declare enum implements interface infer is keyof namespace never number object private protected public readonly string symbol type unknown`;
const c =
  'auto bool break case char const continue default do double else enum extern false float for goto if inline int long NULL nullptr register return short signed sizeof static struct switch true typedef union unsigned void volatile while';
const ecma = {spans: [block, ['s', '`', '`']], rules: [slashes, double, single, number, type, annotation]} as const;
const cLike = (words: string, rules: Language['rules'] = []): Language => ({
  spans: [block],
  rules: [slashes, ...rules, double, character, number, type, annotation],
  words,
});

/** The languages, by the names that fences use for them. */
export const languages: Readonly<Record<string, Language>> = {
  'js javascript mjs cjs jsx node': {...ecma, words: script},
  'ts typescript tsx mts cts': {...ecma, words: typed},
  'json json5 jsonc': {
    spans: [block],
    rules: [slashes, ['a', '"(?:\\\\.|[^"\\\\])*"(?=\\s*:)'], double, number],
    words: 'true false null',
  },
  'python py python3 pycon': {
    spans: [
      ['s', '[rbfuRBFU]{0,2}"""', '"""'],
      ['s', "[rbfuRBFU]{0,2}'''", "'''"],
    ],
    rules: [['c', '#.*'], double, single, number, annotation, type],
    words:
      'False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return self try while with yield',
  },
  'bash sh shell zsh console shellsession': {
    rules: [
      hash,
      ['s', '"(?:\\\\.|[^"\\\\])*"?'],
      ['s', "'[^']*'?"],
      ['a', '\\$\\{?[\\w@#?*!]+\\}?'],
      ['n', '(?<=\\s)--?[A-Za-z][\\w-]*'],
    ],
    words:
      'if then else elif fi for while until do done case esac in function return exit local export readonly declare set unset source alias echo cd sudo apt npm npx git docker curl mkdir rm cp mv cat grep sed awk',
  },
  'html xml svg vue svelte xhtml': {
    spans: [['c', '<!--', '-->']],
    rules: [
      ['f', '</?[A-Za-z!?][\\w:.-]*|/?>'],
      ['a', '[@:\\w-]+(?=\\s*=\\s*["\'])'],
      ['s', '(?<=\\s*=\\s*)(?:"[^"]*"?|\'[^\']*\'?)'],
      ['n', '&#?\\w+;'],
    ],
  },
  'css scss less sass': {
    spans: [block],
    rules: [
      ['c', '(?<!:)//.*'],
      ['k', '@[\\w-]+'],
      ['a', '--[\\w-]+|[\\w-]+(?=\\s*:\\s)'],
      double,
      single,
      ['n', '#[\\da-fA-F]{3,8}\\b'],
      ['f', '[.#][A-Za-z_][\\w-]*'],
      number,
      ['f', '[\\w-]+(?=\\()'],
    ],
  },
  'sql mysql postgres postgresql plpgsql sqlite tsql': {
    spans: [block],
    rules: [['c', '--.*'], ['s', "'(?:''|[^'])*'?"], double, number],
    words:
      'add all alter and any as asc begin between by case check column commit constraint create cross default delete desc distinct drop else end exists false foreign from full function group having if in index inner insert int integer into is join key left like limit not null offset on or order outer over partition primary references returning right rollback select set table text then timestamp true union unique update using values varchar view when where with',
    ignoreCase: true,
  },
  java: cLike(
    'abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for if implements import instanceof int interface long new null package permits private protected public record return sealed short static super switch synchronized this throw throws transient true try var void volatile while yield',
  ),
  'c h': cLike(c, [['a', '(?<=^\\s*)#\\s*\\w+']]),
  'cpp c++ cc cxx hpp arduino': cLike(
    `${c} alignas and catch class co_await co_return concept consteval constexpr decltype delete dynamic_cast explicit export final friend mutable namespace new noexcept not operator or override private protected public requires static_cast template this throw try typename using virtual`,
    [['a', '(?<=^\\s*)#\\s*\\w+']],
  ),
  'csharp cs c# dotnet': cLike(
    'abstract as async await base bool break byte case catch char class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get if implicit in init int interface internal is lock long namespace new null object operator out override params private protected public readonly record ref required return sbyte sealed set short static string struct switch this throw true try typeof uint ulong using var virtual void when where while yield',
  ),
  'go golang': {
    spans: [block, ['s', '`', '`']],
    rules: [slashes, double, character, number, type],
    words:
      'any bool break byte case chan const continue default defer else error fallthrough false float32 float64 for func go goto if import int int32 int64 interface iota make map nil package range return rune select string struct switch true type uint var',
  },
  'rust rs': {
    spans: [block],
    rules: [slashes, double, character, ['a', "'[a-z_]\\w*|#!?\\[[^\\]]*\\]|\\w+!"], number, type],
    words:
      'as async await bool break char const continue crate dyn else enum extern f32 f64 false fn for i32 i64 if impl in let loop match mod move mut pub ref return self Self static str struct super trait true type u8 u32 u64 unsafe use usize where while',
  },
  php: {
    spans: [block],
    rules: [slashes, hash, ['f', '<\\?(?:php|=)?|\\?>'], ['a', '\\$\\w+'], double, single, number, type],
    words:
      'abstract and array as bool break case catch class clone const continue declare default do echo else elseif empty enum extends false final finally fn for foreach function global if implements include instanceof int interface isset list match namespace new null or print private protected public readonly require return self static string switch this throw trait true try use var void while yield',
  },
  'ruby rb': {
    spans: [['c', '^=begin', '=end']],
    rules: [hash, double, single, ['a', '(?<![:\\w]):\\w+|@{1,2}\\w+|\\w+:(?=\\s)'], number, type],
    words:
      'BEGIN END alias and begin break case class def defined do else elsif end ensure false for if in include module next nil not or puts raise redo require rescue retry return self super then true undef unless until when while yield',
  },
  swift: {
    spans: [block, ['s', '"""', '"""']],
    rules: [slashes, double, number, type, annotation],
    words:
      'actor as associatedtype async await break case catch class continue default defer deinit do else enum extension fallthrough false fileprivate final for func guard if import in init inout internal is let mutating nil open operator override private protocol public repeat rethrows return self Self some static struct subscript super switch throw throws true try typealias var weak where while',
  },
  'kotlin kt kts': {
    spans: [block, ['s', '"""', '"""']],
    rules: [slashes, double, character, number, type, annotation],
    words:
      'abstract as break by catch class companion const constructor continue data do else enum false final finally for fun if import in init inline interface internal is lateinit null object open operator out override package private protected public return sealed suspend super this throw true try typealias val var vararg when where while',
  },
  'yaml yml': {
    rules: [
      hash,
      ['a', '(?<=^\\s*(?:- +)*)[\\w."\'/ -]+(?=:(?:\\s|$))'],
      double,
      single,
      ['k', '[&*]\\w+|^---|!\\w+'],
      number,
    ],
    words: 'true false null yes no on off',
  },
  'toml ini conf properties env': {
    rules: [
      ['c', '(?<=^\\s*)[;#].*|(?<=\\s)#.*'],
      ['f', '(?<=^\\s*)\\[.*\\]'],
      ['a', '(?<=^\\s*)[\\w."-]+(?=\\s*=)'],
      double,
      single,
      number,
    ],
    words: 'true false',
  },
  'diff patch': {
    rules: [
      ['k', '^@@.*'],
      ['a', '^(?:diff|index|---|\\+\\+\\+) .*'],
      ['s', '^\\+.*'],
      ['d', '^-.*'],
    ],
  },
  'markdown md mdx': {
    spans: [['s', '^```', '```']],
    rules: [
      ['k', '^#{1,6} .*'],
      ['n', '(?<=^\\s*)(?:[-+*]|\\d+\\.)(?= )'],
      ['s', '`[^`]+`'],
      ['f', '\\[[^\\]]*\\]'],
      ['a', '(?<=\\])\\([^)]*\\)|\\*\\*[^*]+\\*\\*'],
      ['c', '^>.*'],
    ],
  },
  'dockerfile docker containerfile': {
    rules: [hash, ['k', '^\\s*[A-Z]+(?=\\s)'], ['a', '\\$\\{?\\w+\\}?'], double, single, ['n', '(?<=\\s)--[\\w-]+']],
  },
  'powershell ps1 pwsh': {
    spans: [['c', '<#', '#>']],
    rules: [
      hash,
      ['s', '"(?:`.|[^"`])*"?'],
      ['s', "'[^']*'?"],
      ['a', '\\$[\\w:]+'],
      ['f', '\\b[A-Z][a-z]+-[A-Z]\\w+'],
      ['n', '(?<=\\s)-[A-Za-z]\\w*'],
      number,
    ],
    words:
      'begin break catch class continue do else elseif end exit filter finally for foreach function if in param process return switch throw try until using while',
    ignoreCase: true,
  },
  lua: {
    spans: [
      ['c', '--\\[\\[', ']]'],
      ['s', '\\[\\[', ']]'],
    ],
    rules: [['c', '--.*'], double, single, number],
    words:
      'and break do else elseif end false for function goto if in local nil not or repeat return then true until while',
  },
  r: {
    rules: [['c', '#.*'], double, single, number],
    words: 'break else FALSE for function if in library NA next NULL repeat return TRUE while',
  },
  dart: {
    ...cLike(
      'abstract as async await bool break case catch class const continue default do double dynamic else enum extends factory false final finally for if implements import in int is late new null override part required return static String super switch this throw true try typedef var void while with yield',
      [single],
    ),
  },
  scala: cLike(
    'abstract case catch class def do else enum extends false final finally for given if implicit import lazy match new null object override package private protected return sealed super then this throw trait true try type using val var while with yield',
  ),
  'perl pl': {
    rules: [['c', '#.*'], ['a', '[$@%]\\w+'], double, single, number],
    words:
      'each else elsif for foreach if keys last local my next our package print push return shift sub unless until use while',
  },
  'graphql gql': {
    rules: [['c', '#.*'], double, ['a', '[$@]\\w+'], type, number],
    words:
      'enum extend fragment implements input interface mutation on query scalar schema subscription type union true false null',
  },
  'makefile make mk': {
    rules: [
      ['c', '#.*'],
      ['f', '^[\\w./%-]+(?=\\s*:)'],
      ['a', '\\$[({]?\\w+[)}]?|^\\w+(?=\\s*[:+?]?=)'],
      double,
      single,
    ],
  },
  'nginx hcl terraform tf': {
    spans: [block],
    rules: [['c', '#.*|//.*'], double, single, ['a', '\\$\\w+|[\\w-]+(?=\\s*=)'], number],
    words:
      'server location upstream listen proxy_pass resource variable module output provider data locals terraform true false null',
  },
};
