import {start} from './start.tsx';

start();
void import('../element.ts');
