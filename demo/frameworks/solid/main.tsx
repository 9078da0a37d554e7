import 'stream-chat-element';

import {start} from './start.tsx';

start();
