import {defineConfig} from 'vite';
import solid from 'vite-plugin-solid';

export default defineConfig({
  // `ssr`: for pages that a server renders, too.
  plugins: [solid({ssr: true})],
  // While developing, the endpoint is that of the project's own demo: `npm start` in its folder.
  server: {proxy: {'/api': 'http://localhost:5173'}},
  build: {rolldownOptions: {input: ['index.html', 'late.html']}},
});
