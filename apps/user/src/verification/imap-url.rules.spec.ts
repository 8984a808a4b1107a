import { describe, expect, it } from 'vitest';
import { parseImapUrl } from './imap-url.rules.js';

describe('parseImapUrl', () => {
  it('reads every part', () => {
    expect(parseImapUrl('imaps://verify%40club.example:p%2Fw%20d@mail.example:1993/Verify%20Box')).toEqual({
      host: 'mail.example',
      port: 1993,
      secure: true,
      user: 'verify@club.example',
      password: 'p/w d',
      folder: 'Verify Box',
    });
  });

  it('knows the usual ports and folder', () => {
    expect(parseImapUrl('imap://a:b@mail.example')).toMatchObject({ port: 143, secure: false, folder: 'INBOX' });
    expect(parseImapUrl('imaps://a:b@[::1]/')).toMatchObject({ host: '::1', port: 993, secure: true, folder: 'INBOX' });
  });

  it.each(['', 'mail.example', 'https://a:secret@mail.example', 'imap://mail.example', 'imap://a:secret@'])(
    'refuses %j without repeating it',
    (value) => {
      expect(() => parseImapUrl(value)).toThrow(/IMAP_URL must look like/);
      expect(() => parseImapUrl(value)).not.toThrow(/secret/);
    },
  );
});
