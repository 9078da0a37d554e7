/** What Enter does in a text field. */
export type EnterKey = 'auto' | 'send' | 'newline';

/**
 * Returns whether Enter sends the text. A keyboard on the screen has no other key for a new line; where a mouse or trackpad
 * hovers, there is a keyboard, too.
 */
export function sendsOnEnter(enterKey: EnterKey): boolean {
  return enterKey === 'auto' ? !matchMedia('(pointer: coarse) and (hover: none)').matches : enterKey !== 'newline';
}
