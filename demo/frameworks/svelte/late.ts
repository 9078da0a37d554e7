import {start} from './start.ts';

start();
void import('../element.ts');
