import type { DnsResolver } from './dns-records.resolver.js';
import { receiveMail } from './reception.inspector.js';

/** Signs mails of the embedded mode and answers for their domains; `MailForge` of the testing library is one. */
export interface DevelopmentForge {
  compose(mail: { from: string; to: string; subject: string; text: string }): Promise<Buffer>;
  resolver: DnsResolver;
}

export interface DevelopmentPost {
  forge: DevelopmentForge;
  /** The embedded mailbox. */
  append(raw: Buffer): Promise<unknown>;
  /** Address of the community mailbox. */
  mailbox: string;
  authservId: string;
  now: Date;
}

/**
 * Puts a mail into the embedded mailbox as if its sender's provider had delivered it: signed, and stamped by the receiving
 * server. The inspection must use the forge's resolver; then nothing in it knows that the mail is made up.
 */
export async function deliverDevelopmentMail(
  mail: { from: string; subject: string; text: string },
  post: DevelopmentPost,
): Promise<void> {
  const sent = await post.forge.compose({ ...mail, to: post.mailbox });
  const { authservId, now } = post;
  await post.append(await receiveMail(sent, { authservId, resolver: post.forge.resolver, now }));
}
