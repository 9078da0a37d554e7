/** Splits a line of code into tokens, each with its CSS class, if any. Called once for each line, in order. */
export type ColourLine = (line: string) => readonly (readonly [text: string, kind: string])[];

/** Returns the highlighter for `language`, as the fence names it, at once or when it is loaded. */
export type HighlightCode = (language: string) => ColourLine | Promise<ColourLine | undefined> | undefined;
