import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections and to whoever asks for any (32,768 and up on Linux, 49,152 and up elsewhere),
 * and below those of the engines that tests share. Above 10,080, the last port here that `fetch` and browsers refuse to ask.
 */
const lowest = 11_000;
const portsThere = 4_500;
const triesAtMost = 1_000;
/** Keep the ports reserved for as long as this process lives. */
const guards: Server[] = [];

/**
 * Ports on 127.0.0.1 for programs that are told where to listen and do so a while later. A port that was merely free a moment ago may be
 * anybody's by then; of these each has a second port beside it, on which this process listens, so that no other test process is given it.
 */
export async function reservePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tried = 0; ports.length < count; tried += 1) {
    if (tried >= triesAtMost) throw new Error('all ports for tests are taken');
    const port = lowest + randomInt(portsThere);
    const guard = await listenOn(port + portsThere);
    if (!guard) continue;
    const probe = await listenOn(port);
    await close(probe ?? guard);
    if (!probe) continue;
    guards.push(guard.unref());
    ports.push(port);
  }
  return ports;
}

export async function reservePort(): Promise<number> {
  const [port] = await reservePorts(1);
  if (port === undefined) throw new Error('no port was reserved');
  return port;
}

/** Null when somebody listens there already. */
function listenOn(port: number): Promise<Server | null> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
