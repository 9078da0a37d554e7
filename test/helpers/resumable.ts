/** An instance of demo/backends/resumable. The numbers are absent while it is dead or frozen. */
export interface InstanceStatus {
  readonly name: string;
  readonly alive: boolean;
  readonly frozen: boolean;
  /** Number of answers that it is generating. */
  readonly writing?: number;
  readonly listeners?: number;
}

/** The instances behind nginx. */
export interface ClusterStatus {
  /** Why the instances cannot run. */
  readonly missing?: string;
  readonly instances: readonly InstanceStatus[];
  /** Counted over all instances, since they were first started. */
  readonly counters: Readonly<Record<string, number>>;
}

async function call<T>(path: string, method: string): Promise<T> {
  const response = await fetch(`/__resumable-control/${path}`, {method});
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Starts the instances, or those that use the package `openai`, and returns their status. */
export const clusterStatus = (which: 'simulated' | 'openai' = 'simulated') =>
  call<ClusterStatus>(`status?${which}`, 'GET');

/** Kills the instance that generates an answer. Resolves to its name. */
export const kill = async (which: 'simulated' | 'openai' = 'simulated') =>
  (await call<{name: string}>(`kill?${which}`, 'POST')).name;

/** Freezes the instance that generates an answer. Resolves to its name. */
export const freeze = async () => (await call<{name: string}>('freeze', 'POST')).name;

/** Restarts dead instances and resumes frozen ones. */
export const restart = (which: 'simulated' | 'openai' = 'simulated') => call<ClusterStatus>(`restart?${which}`, 'POST');

/** Where the responses under a key were cut, in bytes. */
export const cutPlaces = (key: string) => call<number[]>(`cuts?key=${encodeURIComponent(key)}`, 'GET');

/** Returns the answer of demo/backends/resumable. */
export function answerTo(question: string): string {
  const steps = Array.from(
    {length: 50},
    (_, i) => `${i + 1}. Step **${i + 1}**, 第${i + 1}步 🚶, is ${(i + 1) ** 2} long.`,
  );
  return `You asked: ${question}

This answer is simulated, and long enough to be interrupted:

${steps.join('\n')}

Set \`OPENAI_API_KEY\` to talk to a real model.
`;
}
