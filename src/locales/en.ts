import type {StreamChatErrorCode} from '../model/errors.js';

const number = (value: number) => value.toLocaleString('en');
const plural = (count: number) => (count === 1 ? '' : 's');

/** Every sentence and label that the element shows or speaks. */
export const en = {
  /** BCP 47 tag of the language, for what `Intl` writes: times, sizes, lists. */
  language: 'en',
  direction: 'ltr' as 'ltr' | 'rtl',
  /** Name of the whole chat for assistive technology, where `heading` gives none. */
  chat: 'Chat',
  conversation: 'Conversation',
  placeholder: 'Ask something…',
  send: 'Send',
  stop: 'Stop',
  retry: 'Retry',
  continue: 'Continue',
  /** What the person is taken to say by pressing that button. */
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
  offline: 'You are offline. The answer goes on when the connection is back.',
  answered: 'The answer is complete.',
  retryOffered: 'There is a button to try again.',
  spokenCode: (language: string, lines: number) =>
    `Code${language ? `, ${language}` : ''}, ${lines} line${plural(lines)}`,
  spokenTable: (columns: number, rows: number) =>
    `Table, ${columns} column${plural(columns)}, ${rows} row${plural(rows)}`,
  stopped: 'Stopped',
  lengthReached: 'The answer reached its length limit.',
  filtered: 'The answer was held back by a content filter.',
  /** Shown, and told to screen readers, while the transcript has the focus. */
  transcriptKeys: 'Arrow keys: messages · Enter: into one · Escape: back',
  jump: 'Jump to latest',
  /** On the button that goes to the end, with the count of messages that came since the reader left it. */
  jumpTo: (count: number) => `Jump to latest, ${count} new`,
  copyCode: 'Copy code',
  copied: 'Copied',
  codeBlock: (language: string) => (language ? `Code, ${language}` : 'Code'),
  followLink: (url: string) => `Open this link?\n\n${url}`,
  table: 'Table',
  /** Name of the box of a formula on lines of its own: it may scroll. */
  formula: 'Formula',
  /** Shown over the source of a formula. `reason` is English. */
  formulaFailed: (reason: string) => `This formula could not be drawn: ${reason}`,
  loadImage: (host: string) => `Load image from ${host}`,
  imageBlocked: 'Image not shown',
  footnotes: 'Footnotes',
  footnote: (number: number) => `Footnote ${number}`,
  backToText: 'Back to the text',
  taskDone: 'Done',
  taskOpen: 'Open',
  suggestions: 'Suggestions',
  /** Under the text field, when the limit is near. */
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
  /** Under a file of an answer. */
  saveFile: (name: string) => `Save ${name}`,
  /** Beside the name of a file that was too large to be kept over a reload. */
  fileNotKept: 'The file was not kept.',
  /** Names the buttons below a message. */
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
  /** Said before the first use of the microphone or of a voice. */
  audioLeaves: 'Your browser may send the audio to its maker’s servers.',
  dictationFailed: 'Dictation did not work: the microphone is not allowed, or the service cannot be reached.',
  openChat: 'Open chat',
  closeChat: 'Close chat',
  unread: (count: number) => `${count} unread message${plural(count)}`,
  /** Why an answer failed. `message` is English; other languages word the code, and quote what a server said. */
  error: (_code: StreamChatErrorCode, message: string) => message,
  retryAfter: (seconds: number) => `Try again in ${seconds} s`,
};

/** The table of strings. A locale has every key of English, with functions of the same parameters. */
export type Strings = typeof en;
