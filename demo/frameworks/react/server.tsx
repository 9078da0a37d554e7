import {StrictMode} from 'react';
import {renderToString} from 'react-dom/server';
import 'stream-chat-element';

import {App} from './App.tsx';

/** The page's content as HTML: of the element, the tag. Importing it does nothing where there is no DOM. */
export const render = () =>
  renderToString(
    <StrictMode>
      <App />
    </StrictMode>,
  );
