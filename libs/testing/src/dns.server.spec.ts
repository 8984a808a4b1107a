import { Resolver } from 'node:dns/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDnsServer, type RunningDnsServer } from './dns.server.js';
import { MailForge } from './mail-forge.js';

describe('the name server for tests', () => {
  const resolver = new Resolver({ timeout: 15_000, tries: 2 });
  let server: RunningDnsServer;
  beforeAll(async () => {
    server = await startDnsServer(new MailForge({ domains: ['example.org'] }).resolver);
    resolver.setServers([server.address]);
  });
  afterAll(() => server.stop());

  it('answers with keys longer than one string of a TXT record, and with policies', async () => {
    const [key = []] = await resolver.resolveTxt('rsa._domainkey.example.org');
    expect(key.length).toBeGreaterThan(1);
    expect(key.join('')).toMatch(/^v=DKIM1; k=rsa; p=[A-Za-z0-9+/=]{300,}$/);
    expect(await resolver.resolveTxt('_dmarc.example.org')).toEqual([['v=DMARC1; p=reject']]);
  });

  it('says of other names that they do not exist', async () => {
    await expect(resolver.resolveTxt('_dmarc.example.net')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
