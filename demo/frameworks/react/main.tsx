// Before the first render: React sets a property only on an element that is defined.
import 'stream-chat-element';

import {start} from './start.tsx';

start();
