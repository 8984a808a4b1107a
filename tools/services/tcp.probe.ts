import { connect } from 'node:net';

const timeoutMs = 2000;

/**
 * Connects to 127.0.0.1, sends `message` if there is one and resolves when the answer starts with `expected`.
 * Rejects when nothing answers within 2 s or when the answer is another one.
 */
export function probeTcp(port: number, expected: string, message = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.setTimeout(timeoutMs, () => finish(new Error(`Port ${port} does not answer`)));
    socket.once('error', finish);
    socket.once('connect', () => socket.write(message));
    socket.once('data', (data) => {
      const answer = data.toString('latin1');
      finish(answer.startsWith(expected) ? undefined : new Error(`Port ${port} answers ${answer.slice(0, 100)}`));
    });
  });
}
