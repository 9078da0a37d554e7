import type {HeadersSource, Strings, Tool} from 'stream-chat-element';

/** Asked before every request: a token may be fetched here. */
export const getHeaders: HeadersSource = async () => ({'x-token': await Promise.resolve('short-lived')});

/** What the model may call. It runs in the page. */
export const tools: Tool[] = [
  {
    name: 'add',
    description: 'Adds two numbers.',
    parameters: {type: 'object', properties: {a: {type: 'number'}, b: {type: 'number'}}, required: ['a', 'b']},
    execute: ({a, b}) => Number(a) + Number(b),
  },
];

/** Words of one's own. */
export const strings: Partial<Strings> = {send: 'Ask'};
