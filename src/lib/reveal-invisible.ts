// Format and control characters, fillers, variation selectors, and spaces and line ends that look like others.
const invisible =
  /(?![ \n\t])[\p{C}\p{Z}\p{Variation_Selector}]|\u115f|\u1160|\u17b4|\u17b5|\u2800|\u3164|\uffa0/gu;

/** Writes characters that a person would not see, or that change how others are read, as their numbers. */
export function revealInvisible(text: string): string {
  return text.replace(invisible, (character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`);
}
