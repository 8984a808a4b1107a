import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream } from 'smtp-server';
import { receiveMail } from './reception.inspector.js';
import type { ReceptionOptions } from './reception.inspector.js';

export interface SmtpSinkOptions extends Omit<ReceptionOptions, 'now'> {
  host: string;
  /** 0 = a free one. */
  port: number;
  /** Stores a mail; the client is told "accepted" only when this resolved. */
  append(raw: Buffer): Promise<unknown>;
  /** Octets of the largest mail that is taken. Default 1 MiB. */
  maxBytes?: number;
  now?: () => Date;
}

export interface SmtpSink {
  port: number;
  stop(): Promise<void>;
}

/**
 * The embedded mode's door for mail: takes every mail, stores it, sends none on. A mail from here is believed only when it
 * is really signed by its sender's domain: results that it brings along under our name are taken away.
 */
export async function startSmtpSink(options: SmtpSinkOptions): Promise<SmtpSink> {
  const { maxBytes = 1_048_576, now = () => new Date() } = options;
  const server = new SMTPServer({
    name: options.authservId,
    logger: false,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: maxBytes,
    maxClients: 20,
    socketTimeout: 30_000,
    closeTimeout: 1_000,
    onData(stream, _session, callback) {
      const store = async () => {
        const raw = await collect(stream, maxBytes);
        await options.append(
          await receiveMail(raw, { authservId: options.authservId, resolver: options.resolver, now: now() }),
        );
      };
      store().then(
        () => callback(null, 'stored'),
        (error: unknown) => callback(asSmtpError(error)),
      );
    },
  });
  // A client that goes away in the middle is its own matter.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** The whole mail; a longer one is read to its end without keeping it, as the protocol wants, and refused. */
async function collect(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
  }
  if (length > maxBytes) throw Object.assign(new Error('message too large'), { responseCode: 552 });
  return Buffer.concat(chunks);
}

function asSmtpError(error: unknown): Error {
  const code = (error as { responseCode?: number }).responseCode;
  if (error instanceof Error && code) return error;
  return Object.assign(new Error('not stored, try again later', { cause: error }), { responseCode: 451 });
}
