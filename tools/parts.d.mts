export function distName(module: string): string;
export function partNames(root: string): string[];
