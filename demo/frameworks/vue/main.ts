import 'stream-chat-element';

import {start} from './start.ts';

start();
