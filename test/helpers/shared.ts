/** Loads a file of recorded inputs next to the project. If it does not exist, logs that and skips the test. */
export async function shared(context: Mocha.Context, path: string): Promise<Response> {
  const response = await fetch(`/__shared/${path}`);
  if (response.ok) return response;
  console.info(`skipped: ../shared/${path} does not exist`);
  return context.skip();
}
