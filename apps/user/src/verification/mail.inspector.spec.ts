import { createTransport } from 'nodemailer';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dkimKeyRecord } from '#testing/forge-keys';
import { authservId, corpusForge, honest, now, passFor } from './corpus/corpus-world.fixture.js';
import { forgedMails } from './corpus/forged-mails.fixture.js';
import { honestMails } from './corpus/honest-mails.fixture.js';
import { inspectMail } from './mail.inspector.js';

const forge = corpusForge();
const options = { authservId, resolver: forge.resolver, now, maxBytes: 1_000_000 };

describe('inspectMail on the corpus', () => {
  it.each(honestMails)('honest: $name', async ({ raw, expected }) => {
    const { verdict } = await inspectMail(await raw(forge), options);
    expect({ decision: verdict.decision, reason: verdict.reason, grade: verdict.grade }).toEqual(expected);
  });

  it.each(forgedMails)('forged: $name', async ({ raw, expected }) => {
    const { verdict } = await inspectMail(await raw(forge), options);
    expect(verdict.decision).not.toBe('accept');
    expect({ decision: verdict.decision, reason: verdict.reason, grade: verdict.grade }).toEqual(expected);
  });

  it('accepts nothing at all when no authserv-id is configured', async () => {
    for (const { raw } of [...honestMails, ...forgedMails]) {
      const { verdict } = await inspectMail(await raw(forge), { ...options, authservId: '' });
      expect(verdict.decision).not.toBe('accept');
    }
  });

  it('has at least 60 mails, most of them forged', () => {
    expect(honestMails.length + forgedMails.length).toBeGreaterThanOrEqual(60);
    expect(forgedMails.length).toBeGreaterThanOrEqual(40);
    expect(new Set([...honestMails, ...forgedMails].map(({ name }) => name)).size).toBe(
      honestMails.length + forgedMails.length,
    );
  });
});

describe('inspectMail', () => {
  it('returns the code, the subject and the evidence', async () => {
    const { verdict, codes, subject } = await inspectMail(await forge.compose(honest()), options);
    expect(codes).toEqual(['483920']);
    expect(subject).toBe('COSER 483920');
    expect(verdict.evidence).toEqual({
      fromAddress: 'alice@victim.example',
      fromDomain: 'victim.example',
      messageId: '<1@victim.example>',
      dkimDomain: 'victim.example',
      dkimSelector: 'rsa',
      dkimSignatureHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      bodyHash: expect.stringMatching(/^.{44}$/) as string,
      authenticationResults: passFor('victim.example'),
    });
  });

  it('refuses what is too large, whole or by its headers', async () => {
    const raw = await forge.compose(honest({ text: 'x'.repeat(5_000) }));
    const whole = await inspectMail(raw, { ...options, maxBytes: 4_000 });
    const headersOnly = await inspectMail(raw.subarray(0, raw.indexOf('\r\n\r\n') + 4), { ...options, tooLarge: true });
    for (const { verdict } of [whole, headersOnly]) {
      expect(verdict).toMatchObject({
        decision: 'refuse',
        reason: 'too_large',
        evidence: { fromAddress: 'alice@victim.example' },
      });
    }
  });

  it('verifies what an independent signer signed', async () => {
    const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const transport = createTransport({
      streamTransport: true,
      buffer: true,
      newline: 'windows',
      dkim: { domainName: 'other.example', keySelector: 'k1', privateKey },
    });
    const sent = await transport.sendMail({
      from: 'bob@other.example',
      to: 'verify@community.test',
      subject: '483920',
      text: 'hi',
      date: now,
    });
    const raw = Buffer.concat([
      Buffer.from(`Authentication-Results: ${passFor('other.example')}\r\n`),
      sent.message as Buffer,
    ]);
    const resolver = async (name: string) => [
      [name.startsWith('_dmarc.') ? 'v=DMARC1; p=reject' : dkimKeyRecord(privateKey)],
    ];
    const { verdict } = await inspectMail(raw, { ...options, resolver });
    expect(verdict).toMatchObject({ decision: 'accept', grade: 'normal' });
  });

  it('asks no name server about mail of machines or with no end of signatures', async () => {
    const asked: string[] = [];
    const resolver = async (name: string) => {
      asked.push(name);
      return forge.resolver(name, 'TXT');
    };
    await inspectMail(await forge.compose(honest({ headers: { 'Auto-Submitted': 'auto-generated' } })), {
      ...options,
      resolver,
    });
    await inspectMail(await forge.compose(honest({ sign: { domain: 'victim.example', bodyLength: 1 } })), {
      ...options,
      resolver,
    });
    expect(asked).toEqual([]);
  });

  it('survives cut and garbled mail', async () => {
    const raw = await forge.compose(honest({ html: '<p>483920</p>' }));
    for (let length = 0; length < raw.length; length += 37) {
      const { verdict } = await inspectMail(raw.subarray(0, length), options);
      expect(verdict.decision).not.toBe('accept');
    }
  });
});
