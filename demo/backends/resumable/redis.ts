import {connect, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';

/** What Redis replies. */
export type Reply = string | number | null | Reply[];

/** Redis refused a command. The connection is as good as before. */
export class RedisError extends Error {
  override readonly name = 'RedisError';
}

interface Call {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection to Redis: commands in, replies out, pipelined. It connects when it is first used, and again when it was
 * lost; what was under way then is rejected, and may or may not have been done.
 *
 * This folder should run without an installation, and uses a dozen commands: hence these lines of RESP2 instead of the
 * package `redis`, which brings clusters, sentinels and much else.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export class Redis {
  #url: URL;
  #socket: Socket | undefined;
  #calls: Call[] = [];

  /** `url`: `redis://:password@host:port/database`, or `rediss://` for TLS. */
  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** Sends a command. Rejects with a `RedisError` if Redis refuses it, with another error if it was lost. */
  call(...command: readonly (string | number)[]): Promise<Reply> {
    this.#socket ??= this.#connect();
    return this.#send(this.#socket, command);
  }

  /** Ends the connection. What is under way is rejected. */
  close(): void {
    this.#socket?.destroy(new Error('The connection to Redis was closed.'));
  }

  #send(socket: Socket, command: readonly (string | number)[]): Promise<Reply> {
    const words = command.map((word) => `$${Buffer.byteLength(`${word}`)}\r\n${word}\r\n`);
    return new Promise((resolve, reject) => {
      this.#calls.push({resolve, reject});
      socket.write(`*${words.length}\r\n${words.join('')}`);
    });
  }

  #connect(): Socket {
    const {protocol, hostname, port, username, password, pathname} = this.#url;
    const address = {host: hostname || 'localhost', port: Number(port || 6379)};
    const socket = protocol === 'rediss:' ? connectTls({...address, servername: address.host}) : connect(address);
    const calls: Call[] = (this.#calls = []);
    let received = Buffer.alloc(0);
    let lost = new Error('The connection to Redis was lost.');

    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      for (let read; (read = readReply(received, 0)); received = received.subarray(read.end)) {
        const call = calls.shift();
        if (read.reply instanceof RedisError) call?.reject(read.reply);
        else call?.resolve(read.reply);
      }
    });
    socket.on('error', (error) => (lost = error));
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
      for (const call of calls.splice(0)) call.reject(lost);
    });

    // They are written before anything else, and a wrong password fails whatever comes next.
    const greet = (...command: string[]) =>
      void this.#send(socket, command).catch((error: Error) => socket.destroy(error));
    const user = username ? [decodeURIComponent(username)] : [];
    if (password) greet('AUTH', ...user, decodeURIComponent(password));
    if (pathname.length > 1) greet('SELECT', pathname.slice(1));
    return socket;
  }
}

/** Reads the reply that begins at `at`; `undefined` while it is not here as a whole. */
function readReply(bytes: Buffer, at: number): {reply: Reply | RedisError; end: number} | undefined {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd === -1) return undefined;
  const line = bytes.toString('utf8', at + 1, lineEnd);
  let end = lineEnd + 2;
  switch (String.fromCharCode(bytes[at]!)) {
    case '+':
      return {reply: line, end};
    case '-':
      return {reply: new RedisError(line), end};
    case ':':
      return {reply: Number(line), end};
    case '$': {
      const length = Number(line);
      if (length < 0) return {reply: null, end};
      if (bytes.length < end + length + 2) return undefined;
      return {reply: bytes.toString('utf8', end, end + length), end: end + length + 2};
    }
    case '*': {
      if (Number(line) < 0) return {reply: null, end};
      const items: Reply[] = [];
      for (let left = Number(line); left > 0; left--) {
        const item = readReply(bytes, end);
        if (!item) return undefined;
        if (item.reply instanceof RedisError) return {reply: item.reply, end: item.end};
        items.push(item.reply);
        end = item.end;
      }
      return {reply: items, end};
    }
    default:
      throw new Error(`This is not the protocol of Redis: ${bytes.toString('utf8', at, at + 40)}`);
  }
}
