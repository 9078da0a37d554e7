/** `cem analyze --config tools/custom-elements.config.mjs` → dist/custom-elements.json */
export default {
  globs: ['src/**/*.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
};
