import {bootstrapApplication} from '@angular/platform-browser';
import 'stream-chat-element';

import {App} from './app';

await bootstrapApplication(App);
