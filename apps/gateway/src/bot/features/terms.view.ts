import { askedTerms } from '#config';
import { GetTermsAcceptance } from '#contracts';
import type { GatewaySettings } from '../../gateway.env.js';
import { acceptedTerms } from '../../privacy/accepted-terms.rules.js';
import type { Visit } from '../member/visit.client.js';
import type { MenuState } from '../menu.types.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { termsAcceptPress } from './privacy.keyboard.js';

type TermsSettings = Pick<GatewaySettings, 'TERMS_VERSION' | 'TERMS_URL' | 'PRIVACY_URL'>;

export interface TermsNotice {
  /** Empty when there is nothing to say. */
  readonly html: string;
  readonly rows: ButtonRows;
}

const nothing: TermsNotice = { html: '', rows: [] };

/** The terms themselves, or where the community's own are. */
export function termsHtml(visit: Visit, { TERMS_URL, PRIVACY_URL }: TermsSettings): string {
  const terms =
    TERMS_URL === undefined
      ? visit.html('account.terms.text')
      : visit.html('account.terms.elsewhere', { url: TERMS_URL });
  if (PRIVACY_URL === undefined) return terms;
  return `${terms}\n\n${visit.html('account.terms.privacy_elsewhere', { url: PRIVACY_URL })}`;
}

/** What newcomers are told of the terms; who must accept those of now and has not is asked to (U-02, U-15). */
export async function termsNotice(
  visit: Visit,
  settings: TermsSettings,
  { membership }: Pick<MenuState, 'membership'>,
): Promise<TermsNotice> {
  const { version, isRequired } = askedTerms(settings);
  if (!isRequired) {
    const isNewcomer = membership === 'none' || (membership === null && visit.isFirst);
    return isNewcomer ? { html: visit.html('account.terms.notice'), rows: [] } : nothing;
  }
  const known = await visit.glance(GetTermsAcceptance, {});
  if (known?.accepted_version === version) return nothing;
  const accept = button(visit.text('account.buttons.terms_accept'), termsAcceptPress.pack({ version }));
  return { html: visit.html('account.terms.notice_required', { version }), rows: [[accept]] };
}

/** On which terms a registration in the private chat stands: where none are required, on those that the bot has told of. */
export async function registrationTerms(visit: Visit, settings: TermsSettings): Promise<{ terms_version?: string }> {
  const asked = askedTerms(settings);
  return asked.isRequired ? requiredTerms(visit, settings) : { terms_version: asked.version };
}

/** The same where nothing has been told: in a group. */
export async function requiredTerms(visit: Visit, settings: TermsSettings): Promise<{ terms_version?: string }> {
  const asked = askedTerms(settings);
  if (!asked.isRequired) return {};
  return acceptedTerms(asked, (await visit.query(GetTermsAcceptance, {})).accepted_version);
}
