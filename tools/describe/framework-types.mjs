// Types of the tag for frameworks: each augments its framework's list of elements.
import {oneLine} from './manifest.mjs';

const quote = (name) => (/^[a-z]\w*$/i.test(name) ? name : `'${name}'`);
const line = (name, description, type) => `  /** ${oneLine(description)} */\n  ${quote(name)}?: ${type} | undefined;`;

/** What markup may say where the property is of this type. */
function attributeType({type: {text}}) {
  if (text === 'number') return 'number | string';
  if (text === 'boolean') return "boolean | '' | 'true' | 'false'";
  // Markup has no functions and objects.
  return text.split(' | ').filter((part) => !/^[A-Z]/.test(part)).join(' | ');
}

function header(text) {
  return `// Made by npm run build from the description of the element.\n${text}`;
}

function props(element) {
  const {attributes, settable, events} = element;
  // What a setter takes may be more than what its getter gives.
  const taken = settable
    .flatMap(({accepts}) => accepts?.match(/\b[A-Z]\w+/g) ?? [])
    .filter((name) => name !== 'Readonly');
  const types = [...new Set(['StreamChat', 'StreamChatEventMap', ...taken])].sort().join(', ');
  return header(`import type {${types}} from '../element.js';

/** The attributes of \`<stream-chat>\`, as markup writes them. */
export interface StreamChatAttributes {
${attributes.map((attribute) => line(attribute.name, attribute.description, attributeType(attribute))).join('\n')}
}

/** The properties of \`<stream-chat>\` that can be set. */
export interface StreamChatProperties {
${settable.map(({name, description, accepts}) => line(name, description, accepts ?? `StreamChat['${name}']`)).join('\n')}
}

/** What can be given to the tag: where both have a name, the property's type or markup's. */
export type StreamChatProps = {
  [K in keyof StreamChatAttributes | keyof StreamChatProperties]?:
    | (K extends keyof StreamChatAttributes ? StreamChatAttributes[K] : never)
    | (K extends keyof StreamChatProperties ? StreamChatProperties[K] : never);
};

/** Listeners by the name of their event behind a prefix: ${events.map(({name}) => `\`${name}\``).join(', ')}. */
export type StreamChatListeners<Prefix extends string> = {
  [K in keyof StreamChatEventMap as \`\${Prefix}\${K}\`]?: ((event: StreamChatEventMap[K]) => void) | undefined;
};

/** What \`<stream-chat-message>\` takes. */
export interface StreamChatMessageProps {
  /** Who says it. */
  role?: 'assistant' | 'user' | 'system' | undefined;
}
`);
}

const shared = `import type {StreamChatListeners, StreamChatMessageProps, StreamChatProps} from './props.js';`;

/** Prop of the listener of an event in the React component: `onToolCall`, as its class is named, except for `error`. */
function listenerName({name, type: {text}}) {
  const [word] = text.match(/^\w+(?=Event)/) ?? [''];
  const plain = name.replaceAll('-', '');
  return `on${word.toLowerCase() === plain ? word : plain[0].toUpperCase() + plain.slice(1)}`;
}

const react = ({events}) => header(`import type {ClassAttributes, ForwardRefExoticComponent, HTMLAttributes, RefAttributes} from 'react';
import type {StreamChat as Chat, StreamChatEventMap} from '../element.js';
${shared}

/** Listeners of the component. */
export interface StreamChatReactListeners {
${events.map((event) => `  /** ${oneLine(event.description)} */\n  ${listenerName(event)}?: ((event: StreamChatEventMap['${event.name}']) => void) | undefined;`).join('\n')}
}

type Known = StreamChatProps & StreamChatReactListeners;

/** Props of the component: attributes and properties of the element, its listeners, and what every element of HTML has. */
export type StreamChatReactProps = Known & Omit<HTMLAttributes<Chat>, keyof Known>;

/**
 * \`<stream-chat>\` as a component: text, numbers and booleans become attributes, objects and functions properties, and the
 * listeners are added to the element. Works in the browser, and rendered by a server.
 */
export declare const StreamChat: ForwardRefExoticComponent<StreamChatReactProps & RefAttributes<Chat>>;

/** The element, for \`useRef<StreamChat>(null)\`. */
export type StreamChat = Chat;

type Own = StreamChatProps & StreamChatListeners<'on'>;
type Tag<Element, Props> = ClassAttributes<Element> & Omit<HTMLAttributes<Element>, keyof Props> & Props & {class?: string | undefined};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'stream-chat': Tag<Chat, Own>;
      'stream-chat-message': Tag<HTMLElement, StreamChatMessageProps>;
    }
  }
}
`);

const preact = header(`import type {ClassAttributes, HTMLAttributes} from 'preact';
import type {StreamChat} from '../element.js';
${shared}

type Own = StreamChatProps & StreamChatListeners<'on'>;
type Tag<Element extends EventTarget, Props> = ClassAttributes<Element> & Omit<HTMLAttributes<Element>, keyof Props> & Props;

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'stream-chat': Tag<StreamChat, Own>;
      'stream-chat-message': Tag<HTMLElement, StreamChatMessageProps>;
    }
  }
}
`);

const solid = header(`import type {JSX} from 'solid-js';
import type {StreamChat, StreamChatEventMap} from '../element.js';
${shared}

type Prefixed = {[K in keyof StreamChatProps as \`prop:\${K}\` | \`attr:\${K}\`]?: StreamChatProps[K]};
type Own = StreamChatProps & Prefixed & StreamChatListeners<'on:'>;
// Solid would listen to \`onDone\` with delegation of its own: \`on:done\` is the way.
type Tag<Element, Props> = Omit<JSX.HTMLAttributes<Element>, keyof Props | \`on\${Capitalize<keyof StreamChatEventMap>}\`> & Props;

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'stream-chat': Tag<StreamChat, Own>;
      'stream-chat-message': Tag<HTMLElement, StreamChatMessageProps>;
    }
  }
}
`);

const svelte = header(`import type {HTMLAttributes} from 'svelte/elements';
import type {StreamChat} from '../element.js';
${shared}

type Own = StreamChatProps & StreamChatListeners<'on'>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'stream-chat': Omit<HTMLAttributes<StreamChat>, keyof Own> & Own;
    'stream-chat-message': Omit<HTMLAttributes<HTMLElement>, keyof StreamChatMessageProps> & StreamChatMessageProps;
  }
}
`);

const vue = header(`import type {DefineComponent, HTMLAttributes} from 'vue';
import type {StreamChatEventMap} from '../element.js';
import type {StreamChatMessageProps, StreamChatProps} from './props.js';

type Emits = {[K in keyof StreamChatEventMap]: (event: StreamChatEventMap[K]) => void};
type Html<Props> = Omit<HTMLAttributes, keyof Props | \`on\${Capitalize<keyof Emits>}\`>;

declare module 'vue' {
  interface GlobalComponents {
    'stream-chat': DefineComponent<StreamChatProps & Html<StreamChatProps>, {}, {}, {}, {}, {}, {}, Emits>;
    'stream-chat-message': DefineComponent<StreamChatMessageProps & Html<StreamChatMessageProps>>;
  }
}
`);

/** The files of types by their names. */
export function frameworkTypes(element) {
  return {
    'props.d.ts': props(element),
    'react.d.ts': react(element),
    'preact.d.ts': preact,
    'solid.d.ts': solid,
    'svelte.d.ts': svelte,
    'vue.d.ts': vue,
  };
}
