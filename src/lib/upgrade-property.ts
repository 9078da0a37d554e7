/**
 * Passes a property that was set before the element was defined to its accessor, which the property of the instance
 * hides. Lit does this only for properties that it declares.
 */
export function upgradeProperty<T extends object, K extends keyof T>(element: T, name: K): void {
  if (!Object.hasOwn(element, name)) return;
  const value = element[name];
  Reflect.deleteProperty(element, name);
  element[name] = value;
}
