import { createSocket, type Socket } from 'node:dgram';
import { decode, encode, type Packet } from 'dns-packet';

/** Answers a TXT look-up; rejects with ENOTFOUND where there is no record. `MailForge.resolver` is one. */
export type TxtLookup = (name: string, type: string) => Promise<string[][]>;

export interface RunningDnsServer {
  /** As `MAIL_DNS_SERVERS` takes it. */
  readonly address: string;
  stop(): Promise<void>;
}

const recordTtlSeconds = 60;

/** A name server on a free port of this machine that knows what `lookup` knows: DKIM keys and DMARC policies for tests. */
export async function startDnsServer(lookup: TxtLookup): Promise<RunningDnsServer> {
  const socket = createSocket('udp4');
  socket.on('message', (question, sender) => {
    void answer(lookup, question).then((packet) => {
      if (packet) socket.send(packet, sender.port, sender.address);
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => resolve());
  });
  return { address: `127.0.0.1:${socket.address().port}`, stop: () => closeSocket(socket) };
}

async function answer(lookup: TxtLookup, question: Buffer): Promise<Buffer | null> {
  const packet = decode(question);
  const [asked] = packet.questions ?? [];
  if (!asked) return null;
  const reply: Packet = {
    type: 'response',
    questions: packet.questions ?? [],
    ...(packet.id !== undefined && { id: packet.id }),
  };
  if (asked.type !== 'TXT') return encode(reply);
  try {
    const records = await lookup(asked.name, 'TXT');
    const answers = records.map((record) => ({
      type: 'TXT' as const,
      name: asked.name,
      ttl: recordTtlSeconds,
      data: record.flatMap(shortStrings),
    }));
    return encode({ ...reply, answers });
  } catch {
    const nameDoesNotExist = 3;
    return encode({ ...reply, flags: nameDoesNotExist });
  }
}

/** One string of a TXT record holds 255 octets at most (RFC 1035); a 2048-bit key is longer. Readers join the strings. */
function shortStrings(text: string): string[] {
  return text.match(/.{1,255}/gs) ?? [''];
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}
