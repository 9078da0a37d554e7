/** Every sentence and label that the element shows or speaks. */
export const en = {
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
      input === undefined ? '' : `${input} tokens in`,
      output === undefined ? '' : `${output} tokens out`,
      perSecond === undefined ? '' : `${perSecond} tokens/s`,
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
    `Code${language ? `, ${language}` : ''}, ${lines} ${lines === 1 ? 'line' : 'lines'}`,
  spokenTable: (columns: number, rows: number) =>
    `Table, ${columns} ${columns === 1 ? 'column' : 'columns'}, ${rows} ${rows === 1 ? 'row' : 'rows'}`,
  stopped: 'Stopped',
  lengthReached: 'The answer reached its length limit.',
  filtered: 'The answer was held back by a content filter.',
  jump: 'Jump to latest',
  copyCode: 'Copy code',
  copied: 'Copied',
  codeBlock: (language: string) => (language ? `Code, ${language}` : 'Code'),
  followLink: (url: string) => `Open this link?\n\n${url}`,
  table: 'Table',
  loadImage: (host: string) => `Load image from ${host}`,
  imageBlocked: 'Image not shown',
  footnotes: 'Footnotes',
  footnote: (number: number) => `Footnote ${number}`,
  backToText: 'Back to the text',
  taskDone: 'Done',
  taskOpen: 'Open',
  retryAfter: (seconds: number) => `Try again in ${seconds} s`,
};

/** The table of strings. A locale has every key of English, with functions of the same parameters. */
export type Strings = typeof en;
