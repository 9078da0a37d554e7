import {expect} from '@open-wc/testing';

interface Row {
  readonly promise: string;
  readonly file: string;
  readonly title: string;
}

async function read(path: string): Promise<string> {
  const response = await fetch(`/${path}`);
  expect(response.ok, path).to.be.true;
  return response.text();
}

/** Returns the cells of the tables in a Markdown text, without the heads. */
const cellsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| promise |'))
    .map((line) => line.slice(2, -2).split(' | '));

const onOneLine = (text: string) => text.replace(/\s+/g, ' ');

// The source of a test: the server turns TypeScript into JavaScript, and keeps the titles.
const sources = new Map<string, Promise<string>>();
const sourceOf = (file: string) => sources.get(file) ?? sources.set(file, read(file)).get(file)!;

describe('promises', () => {
  let tables: Readonly<Record<string, readonly Row[]>>;

  before(async () => {
    const [, readme, security] = (await read('docs/promises.md')).split(/^## .*$/m);
    const rows = (text: string) => cellsOf(text).map(([promise, file, title]): Row => ({promise: promise!, file: file!.replaceAll('`', ''), title: title!}));
    tables = {'README.md': rows(readme!), 'SECURITY.md': rows(security!)};
  });

  for (const document of ['README.md', 'SECURITY.md']) {
    it(`of ${document} are written there in these words`, async () => {
      const text = onOneLine(await read(document));

      expect(tables[document]!.length).to.be.greaterThan(15);
      expect(tables[document]!.filter(({promise}) => !text.includes(promise)).map(({promise}) => promise)).to.deep.equal([]);
    });

    it(`of ${document} are held by tests that exist`, async () => {
      const missing: string[] = [];
      for (const {file, title} of tables[document]!) {
        const titles = [...(await sourceOf(file)).matchAll(/\b(?:it|describe)\((['"`])(.*?)\1,/g)].map(([, , words]) => words!);
        if (!titles.some((words) => words.includes(title))) missing.push(`${file}: ${title}`);
      }

      expect(missing).to.deep.equal([]);
    });
  }

  it('are there for every threat, and every test file that SECURITY.md names exists', async () => {
    const text = await read('SECURITY.md');
    const threats = cellsOf(text).filter(([threat]) => threat !== 'threat');

    expect(threats.length).to.be.greaterThan(14);
    for (const [threat, promised, tests] of threats) {
      const held = tables['SECURITY.md']!.filter(({promise}) => promised!.includes(promise));
      expect(held, threat).not.to.be.empty;
      for (const [, file] of tests!.matchAll(/`(test\/[\w./-]+\.ts)`/g)) await sourceOf(file!);
    }
  });

  it('in bold of the README are each in the table', async () => {
    const [, section] = /## What it promises\n([^]*?)\n## /.exec(await read('README.md'))!;
    const bullets = section!.split(/^- \*\*/m).slice(1).map(onOneLine);

    expect(bullets).not.to.be.empty;
    for (const bullet of bullets) {
      expect(tables['README.md']!.some(({promise}) => bullet.includes(promise)), bullet.slice(0, 60)).to.be.true;
    }
  });
});
