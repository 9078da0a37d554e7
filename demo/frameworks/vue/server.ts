import {createSSRApp} from 'vue';
import 'stream-chat-element';
import {renderToString} from 'vue/server-renderer';

import App from './App.vue';

/** The page's content as HTML: of the element, the tag. Importing it does nothing where there is no DOM. */
export const render = () => renderToString(createSSRApp(App));
