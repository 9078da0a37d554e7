/** The version of the package. `npm version` writes it here. */
export const version: string = '0.1.0';
