import {StrictMode} from 'react';
import {createRoot, hydrateRoot} from 'react-dom/client';

import {App} from './App.tsx';

/** Hydrates what a server rendered, or renders anew. */
export function start() {
  const box = document.getElementById('app')!;
  const app = (
    <StrictMode>
      <App />
    </StrictMode>
  );
  if (box.firstElementChild) hydrateRoot(box, app);
  else createRoot(box).render(app);
}
