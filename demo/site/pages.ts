/** A page of the documentation, made from a Markdown file of the repository. */
export interface PageEntry {
  /** Where it lies, from the root of the repository. */
  readonly source: string;
  /** Its address below `docs/`, without `.html`. */
  readonly slug: string;
  /** What the navigation calls it. */
  readonly label: string;
}

export interface PageGroup {
  readonly title: string;
  readonly pages: readonly PageEntry[];
}

const page = (source: string, slug: string, label: string): PageEntry => ({source, slug, label});

/** The pages in the order of the navigation. */
export const groups: readonly PageGroup[] = [
  {
    title: 'Begin',
    pages: [
      page('docs/README.md', 'index', 'Overview'),
      page('docs/quick-start.md', 'quick-start', 'Script tag'),
      page('docs/frameworks.md', 'frameworks', 'Frameworks'),
      page('docs/backends.md', 'backends', 'Back ends'),
      page('docs/loading.md', 'loading', 'Ways to load it'),
    ],
  },
  {
    title: 'Do',
    pages: [
      page('docs/recipes.md', 'recipes', 'Recipes'),
      page('docs/sources.md', 'sources', 'Sources'),
      page('docs/theming.md', 'theming', 'Theming'),
      page('docs/protocols.md', 'protocols', 'Your own wire format'),
      page('docs/resumable-servers.md', 'resumable-servers', 'Resumable servers'),
      page('docs/errors.md', 'errors', 'Errors and troubleshooting'),
      page('docs/math.md', 'math', 'Formulas'),
      page('docs/diagrams.md', 'diagrams', 'Diagrams'),
    ],
  },
  {
    title: 'Look up',
    pages: [
      page('docs/reference.md', 'reference', 'Reference'),
      page('docs/accessibility.md', 'accessibility', 'Accessibility'),
      page('SECURITY.md', 'security', 'Security'),
      page('docs/promises.md', 'promises', 'Promises and tests'),
      page('docs/performance.md', 'performance', 'Performance'),
      page('CHANGELOG.md', 'changelog', 'Changelog'),
    ],
  },
  {
    title: 'Whole back ends',
    pages: [
      page('demo/backends/fastapi/README.md', 'backends-fastapi', 'FastAPI'),
      page('demo/backends/nextjs/README.md', 'backends-nextjs', 'Next.js'),
      page('demo/backends/node/README.md', 'backends-node', 'Node'),
      page('demo/backends/resumable/README.md', 'backends-resumable', 'One that resumes'),
    ],
  },
  {
    title: 'Decisions',
    pages: [
      page('docs/decisions/parts.md', 'decision-parts', 'What a page loads'),
      page('docs/decisions/package.md', 'decision-package', 'The package'),
      page('docs/decisions/markdown-parser.md', 'decision-markdown-parser', 'The markdown parser'),
    ],
  },
];

export const pages: readonly PageEntry[] = groups.flatMap((group) => group.pages);

/** Resolves a link of one Markdown file to a path from the root of the repository, and its anchor. */
export function resolveLink(source: string, href: string): {readonly path: string; readonly anchor: string} {
  const {pathname, hash} = new URL(href, `http://repository/${source}`);
  return {path: decodeURIComponent(pathname.slice(1)), anchor: decodeURIComponent(hash.slice(1))};
}

/** The page that a path of the repository is shown on: a file's own, or that of the README in a folder. */
export function pageOf(path: string): PageEntry | undefined {
  const folder = path.replace(/\/$/, '');
  return pages.find(({source}) => source === path || source === `${folder}/README.md`);
}
