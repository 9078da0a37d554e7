import vue from '@vitejs/plugin-vue';
import {defineConfig} from 'vite';

// Vue would look for a component of that name, and warn.
const isCustomElement = (tag: string) => tag === 'stream-chat';

export default defineConfig({
  plugins: [vue({template: {compilerOptions: {isCustomElement}}})],
  // While developing, the endpoint is that of the project's own demo: `npm start` in its folder.
  server: {proxy: {'/api': 'http://localhost:5173'}},
  build: {rolldownOptions: {input: ['index.html', 'late.html']}},
});
