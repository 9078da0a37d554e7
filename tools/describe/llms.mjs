// llms.txt: what a model has to know to put the element on a page. https://llmstxt.org
import {oneLine, signature} from './manifest.mjs';

const items = (things) => things.join('\n');

/** The text of llms.txt. */
export function llmsText(element, {name, version}) {
  const attributes = element.attributes.map(
    ({name, type, default: value, description}) =>
      `- \`${name}\` (${type.text}${value && value !== 'undefined' ? `, default ${value}` : ''}): ${oneLine(description)}`,
  );
  const properties = element.properties
    .filter(({attribute}) => !attribute)
    .map(
      ({name, accepts, type, readonly, description}) =>
        `- \`${name}\`: ${accepts ?? type.text}${readonly ? ', read only' : ''}. ${oneLine(description)}`,
    );
  const events = element.events.map(
    ({name, detail = [], description}) =>
      `- \`${name}\` {${detail.map((field) => field.name).join(', ')}}: ${oneLine(description)}`,
  );
  const names = (things) => things.map(({name}) => `\`${name || '(default)'}\``).join(', ');
  return `# <${element.tagName}>

> ${oneLine(element.description)} A web component without a framework: one tag, one attribute. npm package \`${name}\`, version ${version}.

Every attribute is a property too, in camelCase. Events do not bubble; all data is in \`detail\`. There is no attribute for
an API key: the endpoint is the page's own server, or \`headers\` gives a short-lived token.

## Use

\`\`\`html
<script type="module" src="stream-chat.js"></script>
<stream-chat endpoint="/api/chat"></stream-chat>
\`\`\`

\`\`\`js
import '${name}'; // registers the tag; '${name}/element' gives the class alone
const chat = document.querySelector('stream-chat');
chat.headers = async () => ({authorization: \`Bearer \${await getToken()}\`});
chat.addEventListener('delta', (event) => console.log(event.detail.text));
chat.addEventListener('done', (event) => save(event.detail.message));
chat.addEventListener('error', (event) => console.warn(event.detail.error.code));
await chat.send('Hello');
\`\`\`

The endpoint gets POST \`{"messages": [{"role", "content"}, …], "stream": true}\` and answers with a stream. The wire format
is recognised from its first bytes: OpenAI Chat Completions and Responses, Anthropic, Gemini, Ollama, Vercel AI SDK,
AG-UI, LangGraph and others, \`data: {"content": "…"}\` lines, or plain text. End with \`data: [DONE]\`.

React \`<StreamChat endpoint="/api/chat" onDone={f} messages={m} />\` from \`stream-chat-element/react\`, Vue 3 \`<stream-chat endpoint="/api/chat" @done="f" :messages="m" />\`,
Svelte 5 \`<stream-chat endpoint="/api/chat" ondone={f} {messages}></stream-chat>\`, Solid \`<stream-chat endpoint="/api/chat" on:done={f} prop:messages={m} />\`.
Import \`${name}/react\`, \`/vue\`, \`/svelte\`, \`/solid\` or \`/preact\` before the first render: it registers the tag and types it.

Without the element, also in Node and in workers:

\`\`\`js
import {ask} from '${name}/core';
for await (const {text} of ask('https://example.org/api/chat', {messages: 'Hello'})) show(text);
\`\`\`

## Attributes

${items(attributes)}

## Properties

${items(properties)}

## Methods

${items(element.methods.map((method) => `- \`${signature(method)}\`: ${oneLine(method.description)}`))}

## Events

${items(events)}

## Looks

Slots: ${names(element.slots)}.
Parts: ${names(element.cssParts)}.
Custom properties: ${names(element.cssProperties)}.
States: ${element.cssStates.map(({name}) => `\`:state(${name})\``).join(', ')}.

## Recipes

- Restyle: \`stream-chat { --stream-chat-accent: #0a7d55; block-size: 40rem }\`, \`stream-chat::part(user) { background: none }\`.
- First message: \`<stream-chat …><stream-chat-message role="assistant">Hello!</stream-chat-message></stream-chat>\`.
- Keep the conversation over reloads: \`persist="local"\`.
- Tools: \`chat.tools = [{name, description, parameters, execute: async (args, {signal}) => result}]\`; \`confirm: true\` asks the person.
- Change a request: a listener of \`request\` writes into \`event.detail.headers\` and \`.body\`; \`event.waitUntil(promise)\` holds it.
- JSON answers: \`chat.responseFormat = schema\`; \`event.detail.partial\` of \`delta\`, \`event.detail.message.parsed\` of \`done\`.
- Own wire format: \`StreamChat.registerProtocol(name, {framing, encode, createDecoder})\`.
`;
}
