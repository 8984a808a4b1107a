/** How long, and how much; `quick` is for a look, `standard` for figures that are written down. */
export interface TelegramPlan {
  readonly mode: 'telegram' | 'telegram-quick';
  readonly seconds: number;
  /** Who the broadcast is for. */
  readonly recipients: number;
  /** Others, who get codes and receipts meanwhile. */
  readonly others: number;
  readonly codeEveryMs: number;
  readonly receiptEveryMs: number;
  readonly logLineEveryMs: number;
}

export const standardTelegramPlan: TelegramPlan = {
  mode: 'telegram',
  seconds: 600,
  recipients: 20_000,
  others: 3_000,
  codeEveryMs: 400,
  receiptEveryMs: 700,
  logLineEveryMs: 900,
};

export const quickTelegramPlan: TelegramPlan = { ...standardTelegramPlan, mode: 'telegram-quick', seconds: 60 };

/** What is promised (issue 3). */
export const telegramTargets = { violations: 0, codeP99Ms: 1_000, duplicates: 0 } as const;
