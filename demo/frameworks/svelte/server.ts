import 'stream-chat-element';
import {render as renderComponent} from 'svelte/server';

import App from './App.svelte';

/** The page's content as HTML: of the element, the tag. Importing it does nothing where there is no DOM. */
export const render = () => renderComponent(App).body;
