/** Reads a file of recorded inputs that may lie beside the project; skips the test, saying so, where there is none. */
export async function shared(context: Mocha.Context, path: string): Promise<Response> {
  const response = await fetch(`/__shared/${path}`);
  if (response.ok) return response;
  console.info(`skipped: ../shared/${path} is not here`);
  return context.skip();
}
