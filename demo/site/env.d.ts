declare module 'virtual:search-index' {
  import type {Entry} from './search.js';

  const entries: readonly Entry[];
  export default entries;
}

interface ImportMeta {
  readonly env: {readonly DEV: boolean};
}
