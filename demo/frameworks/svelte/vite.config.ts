import {svelte} from '@sveltejs/vite-plugin-svelte';
import {defineConfig} from 'vite';

export default defineConfig({
  plugins: [svelte()],
  // While developing, the endpoint is that of the project's own demo: `npm start` in its folder.
  server: {proxy: {'/api': 'http://localhost:5173'}},
  build: {rolldownOptions: {input: ['index.html', 'late.html']}},
});
