import react from '@vitejs/plugin-react';
import {defineConfig} from 'vite';

export default defineConfig({
  plugins: [react()],
  // While developing, the endpoint is that of the project's own demo: `npm start` in its folder.
  server: {proxy: {'/api': 'http://localhost:5173'}},
  build: {rolldownOptions: {input: ['index.html', 'greeting.html']}},
});
