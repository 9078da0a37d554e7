import {StreamChat} from './element.js';

StreamChat.define();
