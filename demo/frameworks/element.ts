// A chunk of its own, for pages that render before the element is there.
import 'stream-chat-element';
