const fail = (): never => {
  throw new Error('It cannot be read.');
};

/** Values that throw where someone reads them: code may throw these, or reject with them. */
export const unreadable: Readonly<Record<string, () => unknown>> = {
  'an object without a prototype': () => Object.create(null),
  'an object whose toString throws': () => ({toString: fail}),
  'an object whose toString returns an object': () => ({toString: () => ({}), valueOf: () => ({})}),
  'an error whose message throws': () => Object.defineProperty(new Error('x'), 'message', {get: fail}),
  'an error whose message is unreadable': () => Object.assign(new Error('x'), {message: {toString: fail}}),
  'an error whose name throws': () => Object.defineProperty(new Error('x'), 'name', {get: fail}),
  'an error whose cause throws': () => Object.defineProperty(new Error('x'), 'cause', {get: fail}),
  'a proxy that throws': () => new Proxy({}, {get: fail, getPrototypeOf: fail, has: fail, ownKeys: fail}),
  'a revoked proxy': () => {
    const {proxy, revoke} = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
};
