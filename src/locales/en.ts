import type {ErrorKind, StreamChatErrorCode} from '../model/errors.js';

const number = (value: number) => value.toLocaleString('en');
const plural = (count: number) => (count === 1 ? '' : 's');

/** What users read about an error: what happened, in plain words, and what they can do. Details are for the developer. */
const errors: Readonly<Record<StreamChatErrorCode | ErrorKind, string>> = {
  network: 'The chat could not reach its server. Check your connection and try again.',
  offline: 'You are offline. Try again when you are back online.',
  http: 'The server could not answer. Try again later.',
  auth: 'You have no access. Sign in again, or reload the page.',
  'rate-limit': 'There are too many requests right now. Try again in a moment.',
  timeout: 'The server took too long to answer. Try again.',
  interrupted: 'The answer was interrupted before its end.',
  protocol: 'The answer could not be read. Try again later.',
  provider: 'The assistant could not answer. Try again.',
  'too-large': 'This is too large. Try less text, or smaller files.',
  tool: 'A tool of the assistant failed. Try again.',
  config: 'This chat does not work at the moment. Please tell the owners of this site.',
  budget: 'This conversation has reached its limit. Start a new one.',
  file: 'A file cannot be sent here. Send the message without it.',
  'no-model': 'This browser has no language model of its own. Try again in a current Chrome on a computer.',
};

/** Every sentence and label that the element displays or announces. */
export const en = {
  /** BCP 47 tag of the language, for times, sizes and lists formatted with `Intl`. */
  language: 'en',
  direction: 'ltr' as 'ltr' | 'rtl',
  /** Accessible name of the chat if there is no `heading`. */
  chat: 'Chat',
  conversation: 'Conversation',
  placeholder: 'Ask something…',
  send: 'Send',
  stop: 'Stop',
  retry: 'Retry',
  continue: 'Continue',
  /** Message sent when the user presses that button. */
  continuePrompt: 'Please go on exactly where you stopped.',
  you: 'You',
  assistant: 'Assistant',
  system: 'System',
  reasoning: 'Reasoning',
  reasoned: (seconds: number) => `Thought for ${seconds} s`,
  sources: 'Sources',
  toolStreaming: 'Preparing…',
  toolRunning: 'Running…',
  toolAsking: 'Waiting for you',
  toolDone: 'Done',
  toolFailed: 'Failed',
  toolNotRun: 'Not run',
  toolQuestion: 'Allow this call?',
  toolAllow: 'Allow',
  toolDeny: 'Deny',
  toolResult: 'Result',
  toolError: 'Error',
  usage: (input: number | undefined, output: number | undefined, perSecond: number | undefined) =>
    [
      input === undefined ? '' : `${number(input)} tokens in`,
      output === undefined ? '' : `${number(output)} tokens out`,
      perSecond === undefined ? '' : `${number(perSecond)} tokens/s`,
    ]
      .filter(Boolean)
      .join(' · '),
  empty: 'Ask a question to begin.',
  connecting: 'Connecting…',
  waiting: 'Waiting for the answer…',
  stillWaiting: (seconds: number) => `Still waiting, ${seconds} s…`,
  reconnecting: 'Reconnecting…',
  reconnectingIn: (seconds: number) => `Reconnecting in ${seconds} s…`,
  /** Shown while the next attempt waits because the server refused the last one, such as for too many requests. */
  retrying: 'The server is busy. Trying again…',
  retryingIn: (seconds: number) => `The server is busy. Trying again in ${seconds} s…`,
  offline: 'You are offline. The answer will continue when you are back online.',
  answered: 'The answer is complete.',
  retryOffered: 'There is a button to try again.',
  spokenCode: (language: string, lines: number) =>
    `Code${language ? `, ${language}` : ''}, ${lines} line${plural(lines)}`,
  spokenTable: (columns: number, rows: number) =>
    `Table, ${columns} column${plural(columns)}, ${rows} row${plural(rows)}`,
  stopped: 'Stopped',
  lengthReached: 'The answer reached its length limit.',
  filtered: 'The answer was held back by a content filter.',
  notShown: 'Not all of this message could be shown.',
  /** Shown while the transcript has focus. Not announced: screen readers use the arrow keys themselves. */
  transcriptKeys: 'Arrow keys: messages · Enter: into one · Escape: back',
  jump: 'Jump to latest',
  /** Label of the button that scrolls to the end. `count`: messages since the reader scrolled away. */
  jumpTo: (count: number) => `Jump to latest, ${count} new`,
  copyCode: 'Copy code',
  copied: 'Copied',
  /** Where the browser refuses the clipboard. */
  copyFailed: 'Could not copy. The text is selected.',
  codeBlock: (language: string) => (language ? `Code, ${language}` : 'Code'),
  followLink: (url: string) => `Open this link?\n\n${url}`,
  table: 'Table',
  /** Accessible name of the box of a display formula, which may scroll. */
  formula: 'Formula',
  /** Shown above the source of a formula that cannot be rendered. `reason` is in English. */
  formulaFailed: (reason: string) => `This formula could not be drawn: ${reason}`,
  loadImage: (host: string) => `Load image from ${host}`,
  imageBlocked: 'Image not shown',
  imageFailed: 'The image could not be loaded',
  /** Below a long question. */
  showMore: 'Show more',
  showLess: 'Show less',
  footnotes: 'Footnotes',
  footnote: (number: number) => `Footnote ${number}`,
  backToText: 'Back to the text',
  taskDone: 'Done',
  taskOpen: 'Open',
  suggestions: 'Suggestions',
  /** Below the text field, when the limit is near. */
  charactersLeft: (count: number) => `${number(count)} character${plural(count)} left`,
  tooLong: (count: number) => `${number(count)} character${plural(count)} too many`,
  attach: 'Attach files',
  attachments: 'Attached files',
  removeFile: (name: string) => `Remove ${name}`,
  fileAdded: (name: string) => `${name} attached`,
  dropFiles: 'Drop files here',
  fileType: (name: string) => `${name} was not attached: files of this type are not taken.`,
  fileSize: (name: string, limit: string) => `${name} was not attached: it is larger than ${limit}.`,
  fileCount: (limit: number) => `No more than ${limit} file${plural(limit)} can be attached.`,
  fileUnread: (name: string) => `${name} could not be read.`,
  /** Below a file of an answer. */
  saveFile: (name: string) => `Save ${name}`,
  /** Next to the name of a file that was too large to be stored for a reload. */
  fileNotKept: 'The file was not kept.',
  /** Shown once below the transcript if not all of the conversation, or nothing of it, can be stored. */
  storageFull: 'The browser’s storage is full: after a reload, the oldest messages will be gone.',
  notStored: 'This conversation could not be stored: after a reload, it will be gone.',
  downloading: (percent: number) => `The model is being downloaded: ${percent} %`,
  /** Accessible name of the buttons below a message. */
  messageActions: 'Actions',
  copy: 'Copy',
  regenerate: 'Regenerate',
  edit: 'Edit',
  editing: 'Edit the question',
  save: 'Send',
  cancel: 'Cancel',
  goodAnswer: 'Good answer',
  badAnswer: 'Bad answer',
  previousVersion: 'Previous version',
  nextVersion: 'Next version',
  version: (at: number, count: number) => `Version ${at} of ${count}`,
  speak: 'Read aloud',
  stopSpeaking: 'Stop reading',
  dictate: 'Dictate',
  stopDictating: 'Stop dictating',
  /** Shown before the first use of the microphone or of a voice. */
  audioLeaves: 'Your browser may send the audio to its maker’s servers.',
  dictationFailed: 'Dictation did not work: the microphone is not allowed, or the service cannot be reached.',
  openChat: 'Open chat',
  closeChat: 'Close chat',
  unread: (count: number) => `${count} unread message${plural(count)}`,
  /**
   * Sentence about an error. `message` is for developers, in English, and may quote the server. `kind`: the limit or the
   * file that made the chat refuse a message.
   */
  error: (code: StreamChatErrorCode, _message: string, kind?: ErrorKind): string => errors[kind ?? code],
  retryAfter: (seconds: number) => `Try again in ${seconds} s`,
};

/** Table of strings. A locale has every key of English, with functions of the same parameters. */
export type Strings = typeof en;
