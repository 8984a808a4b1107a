import { Injectable } from '@nestjs/common';
import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';
import { AppError } from '#contracts';
import { placeholders, type Reader } from '#database';
import type { CommandContext } from '#messaging';
import { userStatuses } from '../identity/profile.rules.js';
import {
  blockedBy,
  domainAndParents,
  domainLevelsAtMost,
  listedForms,
  patternsAtMost,
  type Blocking,
  type BlacklistEntry,
} from './blacklist.rules.js';
import { canonicalAddress, isAcceptableAddress, maskAddress } from './email-address.rules.js';
import { addressIsTaken, lockMember, type MemberRow } from './verification.store.js';

/** All patterns, and what can name one address: its two spellings, and its domains. */
const entriesAtMost = patternsAtMost + 2 + domainLevelsAtMost;

/** An address a member may prove, and who that member is. */
export interface WantedAddress {
  readonly member: MemberRow;
  /** As typed. */
  readonly email: string;
  readonly canonical: string;
}

/** What holds for an address whichever way it is proven (U-07, U-08, U-09). */
@Injectable()
export class AddressCheckService {
  private readonly disposable = disposableEmailBlocklistSet();

  /** Locks the member and returns the address, unless it cannot be theirs. @throws AppError with the reason */
  async want(context: CommandContext, userId: number, typed: string): Promise<WantedAddress> {
    const email = typed.trim();
    if (!isAcceptableAddress(email)) throw new AppError('verification.address_invalid');
    const canonical = canonicalAddress(email);
    const member = await lockMember(context.tx, userId);
    if (member.status === userStatuses.banned) throw new AppError('user.banned');
    if (member.email !== null && member.email_canonical === canonical) {
      throw new AppError('verification.already_bound', { email: maskAddress(member.email) });
    }
    if (await this.blocking(context.tx, email)) throw new AppError('verification.address_blocked');
    if (await addressIsTaken(context.tx, canonical, userId)) throw new AppError('verification.address_taken');
    return { member, email, canonical };
  }

  /** Which entry of the blacklist or of the disposable domains forbids an address; null when none does. */
  async blocking(reader: Reader, email: string): Promise<Blocking | null> {
    const domains = domainAndParents(email);
    // Always the same number of values: one prepared statement for all addresses.
    const padded = Array.from({ length: domainLevelsAtMost }, (_, index) => domains[index] ?? '');
    const entries = await reader.query<BlacklistEntry>(
      `SELECT pattern, kind FROM email_blacklist WHERE (kind = 'address' AND pattern IN (?, ?))
       OR (kind = 'domain' AND pattern IN (${placeholders(domainLevelsAtMost)})) OR kind = 'pattern' LIMIT ${entriesAtMost}`,
      [...listedForms(email), ...padded],
    );
    return blockedBy(email, { disposable: this.disposable, entries });
  }
}
