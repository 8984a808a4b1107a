import { join } from 'node:path';

/** Mailboxes of the test server; all of them with the password `secret`. */
export const mailboxes = ['verify', 'desk1', 'desk2', 'desk3', 'desk4'].map((name) => `${name}@coser.test`);
export const mailboxPassword = 'secret';

/** Users and groups that the server's parts run as. */
export interface DovecotUsers {
  mailUser: string;
  mailGroup: string;
  internalUser: string;
  internalGroup: string;
  loginUser: string;
}

export interface DovecotLayout extends DovecotUsers {
  /** Holds `run`, `state`, `mail` and `users`. */
  directory: string;
  /** Address and port to listen on. */
  address: string;
  port: number;
  logPath: string;
}

/** The password file: one line per mailbox. */
export function dovecotUserFile(): string {
  return mailboxes.map((mailbox) => `${mailbox}:{PLAIN}${mailboxPassword}::::::\n`).join('');
}

function folder(name: string, settings: readonly string[]): string[] {
  return [`  mailbox ${name} {`, ...settings.map((setting) => `    ${setting}`), '  }'];
}

/** Sections without a jail: a server that is not root may not enter one. */
function services(port: number): string[] {
  const plain = ['anvil', 'stats'].flatMap((name) => [`service ${name} {`, '  chroot =', '}']);
  return [
    'service imap-login {',
    '  chroot =',
    '  inet_listener imap {',
    `    port = ${port}`,
    '  }',
    '  inet_listener imaps {',
    '    port = 0',
    '  }',
    '}',
    ...plain,
  ];
}

/** Dovecot 2.3's configuration: IMAP only, without TLS, INBOX and Junk in maildirs, news within a second. */
export function dovecotConfiguration(layout: DovecotLayout): string {
  const mail = join(layout.directory, 'mail', '%u');
  return [
    `base_dir = ${join(layout.directory, 'run')}`,
    `state_dir = ${join(layout.directory, 'state')}`,
    `log_path = ${layout.logPath}`,
    'protocols = imap',
    `listen = ${layout.address}`,
    'ssl = no',
    'disable_plaintext_auth = no',
    'auth_mechanisms = plain login',
    'auth_failure_delay = 0',
    'mail_max_userip_connections = 200',
    'imap_idle_notify_interval = 5 secs',
    'mailbox_idle_check_interval = 1 secs',
    'mail_fsync = never',
    'first_valid_uid = 1',
    `default_internal_user = ${layout.internalUser}`,
    `default_internal_group = ${layout.internalGroup}`,
    `default_login_user = ${layout.loginUser}`,
    `mail_location = maildir:${mail}`,
    'passdb {',
    '  driver = passwd-file',
    `  args = scheme=PLAIN username_format=%u ${join(layout.directory, 'users')}`,
    '}',
    'userdb {',
    '  driver = static',
    `  args = uid=${layout.mailUser} gid=${layout.mailGroup} home=${mail}`,
    '}',
    'namespace inbox {',
    '  inbox = yes',
    ...folder('Junk', ['auto = create', 'special_use = \\Junk']),
    '}',
    ...services(layout.port),
    '',
  ].join('\n');
}
