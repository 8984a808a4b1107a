import { Injectable } from '@nestjs/common';
import { customAlphabet } from 'nanoid';
import { AppError, InviteCodeCreated } from '#contracts';
import { isDuplicateKey, sqlTime, sqlTimeOrNull, type SqlRow } from '#database';
import type { CommandContext } from '#messaging';
import { codeAlphabet, codeLength, type InviteCode } from './invite-code.rules.js';
import { lockInviteCodeRow, viewOf, type InviteCodeView } from './invite-code.store.js';

export interface WantedCode {
  readonly kind: InviteCode['kind'];
  readonly plan: string;
  readonly days: number | null;
  readonly maxUses: number | null;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly ownerUserId: number | null;
  readonly batch: string | null;
}

const randomCode = customAlphabet(codeAlphabet, codeLength);
const triesAtMost = 5;

/** Makes codes inside the caller's transaction. */
@Injectable()
export class InviteCodeIssuer {
  /** A code with a text of its own. @throws AppError invite_code.taken */
  async issueNamed(context: CommandContext, code: string, wanted: WantedCode): Promise<InviteCodeView> {
    const made = await this.tryToInsert(context, code, wanted);
    if (!made) throw new AppError('invite_code.taken');
    return made;
  }

  /** A code that cannot be guessed. */
  async issueRandom(context: CommandContext, wanted: WantedCode): Promise<InviteCodeView> {
    for (let tries = 0; tries < triesAtMost; tries += 1) {
      const made = await this.tryToInsert(context, randomCode(), wanted);
      if (made) return made;
    }
    throw new Error('no free invite code was found');
  }

  private async tryToInsert(context: CommandContext, code: string, wanted: WantedCode): Promise<InviteCodeView | null> {
    const { tx, now } = context;
    const row: SqlRow = {
      code,
      kind: wanted.kind,
      plan: wanted.plan,
      days: wanted.days,
      max_uses: wanted.maxUses,
      uses: 0,
      valid_from: sqlTimeOrNull(wanted.validFrom),
      valid_until: sqlTimeOrNull(wanted.validUntil),
      enabled: 1,
      owner_user_id: wanted.ownerUserId,
      batch: wanted.batch,
      created_at: sqlTime(now),
    };
    const { insertId } = await tx.insert('invite_codes', row).catch((error: unknown) => {
      if (isDuplicateKey(error)) return { insertId: 0 };
      throw error;
    });
    if (insertId === 0) return null;
    const created = await lockInviteCodeRow(tx, insertId);
    if (!created) throw new Error('the invite code vanished');
    const { kind, plan, days, maxUses, ownerUserId } = wanted;
    context.emit(
      InviteCodeCreated,
      { invite_code_id: insertId, kind, max_uses: maxUses },
      {
        ...(ownerUserId !== null && { user_id: ownerUserId }),
        after: { invite_code_id: insertId, kind, plan, days, max_uses: maxUses, batch: wanted.batch },
      },
    );
    return viewOf(created);
  }
}
