import { Injectable } from '@nestjs/common';
import { AppError, RegistrationTermsAccepted } from '#contracts';
import { askedTerms } from '#config';
import { requireUser, type CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import type { EntitlementSettings } from '../entitlement.env.js';
import { termsRefusal } from './terms-consent.rules.js';

/** Sees to it that whoever registers has accepted the terms of now, and tells it (U-02, U-15). */
@Injectable()
export class TermsConsentRecorder {
  constructor(@InjectSettings() private readonly settings: EntitlementSettings) {}

  /** @throws AppError terms.not_accepted, terms.version_outdated */
  record(context: CommandContext, given: string | undefined): void {
    const asked = askedTerms(this.settings);
    const refusal = termsRefusal(given, asked);
    if (refusal) throw new AppError(refusal, { current_version: asked.version });
    if (given === undefined) return;
    const userId = requireUser(context.call);
    const accepted = { user_id: userId, version: given, accepted_at: context.now.toISOString() };
    context.emit(RegistrationTermsAccepted, accepted, { user_id: userId, after: { terms: given } });
  }
}
