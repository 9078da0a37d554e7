export function distName(module: string): string;
export function partNames(root: string): string[];
export const linkedParts: readonly string[];
export function sharedNames(root: string, part: string): ReadonlyMap<string, ReadonlySet<string>>;
