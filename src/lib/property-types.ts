/** Type of a property: what a page may set, as an attribute or as a property. */
export interface PropertyType {
  /** Allowed values, for the message of an error. */
  readonly allowed: string;
  /** Returns the value as the type; `undefined` if the type does not allow it. Text is read as an attribute is. */
  read(value: unknown): unknown;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isFunction = (value: unknown) => typeof value === 'function';
/** Text of what frameworks write in the place of text: numbers, and URLs. */
const readText = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || value instanceof URL ? String(value) : undefined;

/** Any text. */
export const text: PropertyType = {allowed: 'text', read: readText};

/** A number, 0 or more. */
export const number: PropertyType = {
  allowed: 'a number, 0 or more',
  read(value) {
    // `Number` reads blank text as 0.
    const result = typeof value === 'string' && value.trim() ? Number(value) : value;
    return typeof result === 'number' && result >= 0 ? result : undefined;
  },
};

/** True or false. Some frameworks write false as an attribute, such as `open="false"`. */
export const boolean: PropertyType = {
  allowed: 'true or false',
  read: (value) => (typeof value === 'string' ? !['false', '0', 'off', 'no'].includes(value.trim().toLowerCase()) : !!value),
};

/** One of these words. As in HTML, their case does not matter. */
export const oneOf = (...words: readonly string[]): PropertyType => ({
  allowed: words.map((word) => `"${word}"`).join(', '),
  read: (value) => words.find((word) => word === readText(value)?.trim().toLowerCase()),
});

/** Some of these words, separated by spaces. */
export const someOf = (...words: readonly string[]): PropertyType => ({
  allowed: `some of ${oneOf(...words).allowed}, separated by spaces`,
  read(value) {
    const given = readText(value)?.toLowerCase();
    return given?.split(/\s+/).every((word) => !word || words.includes(word)) ? given : undefined;
  },
});

/** A list of texts. */
export const texts: PropertyType = {
  allowed: 'a list of texts',
  read: (value) => (Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined),
};

/** A list of objects. */
export const objects: PropertyType = {
  allowed: 'a list of objects',
  read: (value) => (Array.isArray(value) && value.every(isObject) ? value : undefined),
};

/** An object. */
export const object: PropertyType = {
  allowed: 'an object',
  read: (value) => (isObject(value) && !Array.isArray(value) ? value : undefined),
};

/** An object, or a function that returns one. */
export const source: PropertyType = {
  allowed: 'an object or a function that returns one',
  read: (value) => (isObject(value) || isFunction(value) ? value : undefined),
};

/** A name, or a function. */
export const textOrFunction: PropertyType = {
  allowed: 'a name or a function',
  read: (value) => (isFunction(value) ? value : readText(value)),
};
