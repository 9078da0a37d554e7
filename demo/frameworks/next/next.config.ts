import {fileURLToPath} from 'node:url';

import type {NextConfig} from 'next';

export default {
  // Files for any static host; an application with a back end leaves this out.
  output: 'export',
  // The page is the one of ../react.
  turbopack: {root: fileURLToPath(new URL('..', import.meta.url))},
} satisfies NextConfig;
