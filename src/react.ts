'use client';

import {createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef, type ReactNode} from 'react';

import type {StreamChatEventMap} from './chat/events.js';
import {StreamChat as Chat} from './element.js';
import './define.js';

type Props = Readonly<Record<string, unknown>>;
type Listener = (event: Event) => void;

/** Prop of the listener of each event. */
const listenerNames: Readonly<Record<keyof StreamChatEventMap, string>> = {
  delta: 'onDelta',
  done: 'onDone',
  error: 'onError',
  send: 'onSend',
  request: 'onRequest',
  toolcall: 'onToolCall',
  reconnect: 'onReconnect',
  reset: 'onReset',
  statechange: 'onStateChange',
  clear: 'onClear',
  link: 'onLink',
  open: 'onOpen',
  close: 'onClose',
  feedback: 'onFeedback',
  'copy-text': 'onCopyText',
};
const eventTypes = new Map(Object.entries(listenerNames).map(([type, name]) => [name, type]));

/** Attribute of each property; `false` if it has none. */
const attributeNames = new Map<string, unknown>(Object.entries(Chat.properties).map(([name, {attribute}]) => [name, attribute]));
attributeNames.set('messages', false);
/** Property of each attribute. */
const propertyNames = new Map([...attributeNames].map(([name, attribute]) => [attribute, name]));

/** React warns about layout effects on a server, where no effect runs. */
const useCommitEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** Sorts props into what React renders, on a server too, and what is set on the element: objects, functions, listeners. */
function sortProps(props: Props) {
  const rendered: Record<string, unknown> = {};
  const properties = new Map<string, unknown>();
  const listeners = new Map<string, Listener>();
  for (const [key, value] of Object.entries(props)) {
    const type = eventTypes.get(key);
    const name = attributeNames.has(key) ? key : propertyNames.get(key);
    if (type !== undefined) {
      if (typeof value === 'function') listeners.set(type, value as Listener);
    } else if (name === undefined) rendered[key === 'className' ? 'class' : key] = value;
    else if (value === null || value === undefined) continue;
    else if (typeof value === 'object' || typeof value === 'function') properties.set(name, value);
    else {
      const attribute = attributeNames.get(name);
      if (attribute === false) properties.set(name, value);
      else if (value !== false) rendered[String(attribute)] = value === true ? '' : `${value as string | number}`;
    }
  }
  return {rendered, properties, listeners};
}

/**
 * `<stream-chat>` as a React component. Text, numbers and booleans become attributes, which a server renders too; objects
 * and functions become properties, and `onDone`, `onError`, … listeners, when the element is in the page. React itself
 * attaches no listeners of custom events to an element that a server rendered, and sets no objects on it.
 */
export const StreamChat = forwardRef<Chat, Props>(function StreamChat(props, ref): ReactNode {
  const element = useRef<Chat>(null);
  const listeners = useRef(new Map<string, Listener>());
  const applied = useRef(new Map<string, unknown>());
  const sorted = sortProps(props);
  useImperativeHandle(ref, () => element.current!, []);

  useCommitEffect(() => {
    const target = element.current!;
    const call = (event: Event) => listeners.current.get(event.type)?.(event);
    for (const type of eventTypes.values()) target.addEventListener(type, call);
    return () => {
      for (const type of eventTypes.values()) target.removeEventListener(type, call);
    };
  }, []);

  useCommitEffect(() => {
    listeners.current = sorted.listeners;
    const before = applied.current;
    applied.current = sorted.properties;
    for (const [name, value] of sorted.properties) {
      if (!before.has(name) || before.get(name) !== value) Reflect.set(element.current!, name, value);
    }
    for (const name of before.keys()) {
      // An attribute of the same name has its value already.
      const attribute = attributeNames.get(name);
      const isAttribute = typeof attribute === 'string' && attribute in sorted.rendered;
      if (!sorted.properties.has(name)) Reflect.set(element.current!, name, isAttribute ? sorted.rendered[attribute] : undefined);
    }
  });

  return createElement('stream-chat', {...sorted.rendered, ref: element});
});
