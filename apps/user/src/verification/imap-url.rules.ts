/** Where a mailbox lies, as read from IMAP_URL. */
export interface ImapAddress {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS when the server offers it. */
  secure: boolean;
  user: string;
  password: string;
  folder: string;
}

/**
 * Reads `imap://user:password@host:port/INBOX` (`imaps` for TLS; user and password percent-encoded; port 143 or 993 and
 * INBOX when left out).
 *
 * @throws Error that does not repeat the URL, because it holds the password
 */
export function parseImapUrl(value: string): ImapAddress {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !['imap:', 'imaps:'].includes(url.protocol) || !url.hostname || !url.username) {
    throw new Error('IMAP_URL must look like imaps://user:password@host:993/INBOX');
  }
  const secure = url.protocol === 'imaps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : secure ? 993 : 143,
    secure,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    folder: decodeURIComponent(url.pathname.replace(/^\//, '')) || 'INBOX',
  };
}
