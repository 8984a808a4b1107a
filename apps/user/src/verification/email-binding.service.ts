import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { EmailBound, CanonicalAddressRenewed, EmailUnbound } from '#contracts';
import { sqlTime, unlessDuplicate } from '#database';
import type { CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import type { UserSettings } from '../user.env.js';
import { AddressCheckService } from './address-check.service.js';
import { canonicalAddress, maskAddress } from './email-address.rules.js';
import { undoLifeMs } from './verification-limits.rules.js';
import { deriveIdentityKey, hashToken, identityHash } from './verification-secret.rules.js';
import { findMemberLocked, type MemberRow, type VerificationRow } from './verification.store.js';

const undoTokenBytes = 32;

/** `bound`, or why not. */
export type BindingResult = 'bound' | 'address_taken' | 'address_blocked';

/** The only writer of a member's address. Works inside the caller's transaction, with the member's row locked. */
@Injectable()
export class EmailBindingService {
  private readonly identityKey: Buffer;

  constructor(
    private readonly addresses: AddressCheckService,
    @InjectSettings() settings: UserSettings,
  ) {
    this.identityKey = deriveIdentityKey(settings.AUTH_SECRET);
  }

  /**
   * Binds the address, unless it was put on the blacklist while its code was under way (U-08), or another member has it,
   * which the unique index decides.
   */
  async bind(
    context: CommandContext,
    member: MemberRow,
    verification: VerificationRow,
    proof: { evidence: string; grade: string | null },
  ): Promise<BindingResult> {
    const { tx, now } = context;
    const boundAt = sqlTime(now);
    const { email, email_canonical: canonical } = verification;
    if (await this.addresses.blocking(tx, email)) return 'address_blocked';
    const isFree = await unlessDuplicate(
      tx.execute('UPDATE users SET email = ?, email_canonical = ?, email_bound_at = ?, updated_at = ? WHERE id = ?', [
        email,
        canonical,
        boundAt,
        boundAt,
        member.id,
      ]),
    );
    if (!isFree) return 'address_taken';
    const undoToken = randomBytes(undoTokenBytes).toString('base64url');
    const undoExpiresAt = new Date(now.getTime() + undoLifeMs);
    await tx.execute(
      `UPDATE email_verifications SET status = 'bound', refusal = NULL, bound_at = ?, undo_token_hash = ?,
       undo_expires_at = ?, evidence = ? WHERE id = ?`,
      [boundAt, hashToken(undoToken), sqlTime(undoExpiresAt), proof.evidence, verification.id],
    );
    const facts = { user_id: member.id, verification_id: verification.id, email };
    context.emit(
      EmailBound,
      {
        ...facts,
        identity_hash: identityHash(this.identityKey, canonical),
        undo_token: undoToken,
        undo_expires_at: undoExpiresAt.toISOString(),
      },
      {
        user_id: member.id,
        before: { email: masked(member.email) },
        after: { email: masked(email), verification_id: verification.id, grade: proof.grade },
      },
    );
    return 'bound';
  }

  /**
   * Makes the member's address canonical by today's rules (U-08). `taken`: by these the mailbox is another member's; both keep
   * what they have.
   */
  async renewCanonical(context: CommandContext, userId: number): Promise<'renewed' | 'current' | 'taken'> {
    const { tx, now } = context;
    const member = await findMemberLocked(tx, userId);
    if (!member?.email || !member.email_canonical) return 'current';
    const { email_canonical: before } = member;
    const canonical = canonicalAddress(member.email);
    if (canonical === before) return 'current';
    const isFree = await unlessDuplicate(
      tx.execute('UPDATE users SET email_canonical = ?, updated_at = ? WHERE id = ?', [
        canonical,
        sqlTime(now),
        userId,
      ]),
    );
    if (!isFree) return 'taken';
    // What undoes the binding and the codes under way know the address by it.
    await tx.execute('UPDATE email_verifications SET email_canonical = ? WHERE user_id = ? AND email_canonical = ?', [
      canonical,
      userId,
      before,
    ]);
    context.emit(
      CanonicalAddressRenewed,
      { user_id: userId, identity_hash: identityHash(this.identityKey, canonical) },
      {
        user_id: userId,
        before: { canonical_email: maskAddress(before) },
        after: { canonical_email: maskAddress(canonical) },
      },
    );
    return 'renewed';
  }

  /** Takes a binding back and ends its verification, so that the token works once. */
  async unbind(context: CommandContext, member: MemberRow, verification: VerificationRow): Promise<void> {
    const { tx, now } = context;
    await tx.execute(
      'UPDATE users SET email = NULL, email_canonical = NULL, email_bound_at = NULL, updated_at = ? WHERE id = ?',
      [sqlTime(now), member.id],
    );
    await tx.execute("UPDATE email_verifications SET status = 'refused', refusal = 'undone' WHERE id = ?", [
      verification.id,
    ]);
    context.emit(
      EmailUnbound,
      { user_id: member.id, email: verification.email, reason: 'undo_link' },
      { user_id: member.id, before: { email: masked(member.email) }, after: { email: null } },
    );
  }
}

function masked(address: string | null): string | null {
  return address === null ? null : maskAddress(address);
}
