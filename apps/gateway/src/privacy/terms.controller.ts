import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  AcceptTerms,
  defineQuery,
  GetTermsAcceptance,
  localeSchema,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { askedTerms } from '#config';
import { Texts } from '#i18n';
import { MessageClient } from '#messaging';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../gateway.env.js';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

/** No service is asked: the text is this one's. */
const getTerms = defineQuery({
  name: 'gateway.get_terms.v1',
  summary: 'The terms of use in the language of Accept-Language',
  input: z.object({}),
  output: z.object({
    version: z.string(),
    required: z.boolean().describe('whether nobody registers without having accepted this version'),
    language: localeSchema,
    text: z.string(),
    terms_url: z.string().nullable().describe('where the terms are, if the community has its own'),
    privacy_url: z.string().nullable(),
  }),
});
type Terms = OutputOf<typeof getTerms>;

const acceptBody = strict(AcceptTerms.input);

/** The terms of use, in the reader's language, and their acceptance (U-15). */
@ApiTags('privacy')
@Controller('v1')
export class TermsController {
  constructor(
    private readonly messages: MessageClient,
    private readonly texts: Texts,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {}

  @Get('terms')
  @Endpoint({ contract: getTerms, access: 'public' })
  terms(@CurrentCall() { locale }: Call): Terms {
    const { TERMS_URL: url, PRIVACY_URL } = this.settings;
    const { version, isRequired } = askedTerms(this.settings);
    const text =
      url === undefined
        ? this.texts.text(locale, 'account.terms.text')
        : this.texts.text(locale, 'account.terms.elsewhere', { url });
    return {
      version,
      required: isRequired,
      language: locale,
      text,
      terms_url: url ?? null,
      privacy_url: PRIVACY_URL ?? null,
    };
  }

  @Get('users/me/terms')
  @Endpoint({ contract: GetTermsAcceptance, access: 'member' })
  accepted(@CurrentCall() call: Call): Promise<OutputOf<typeof GetTermsAcceptance>> {
    return this.messages.query(GetTermsAcceptance, {}, call);
  }

  @Post('users/me/terms')
  @Endpoint({
    contract: AcceptTerms,
    access: 'member',
    status: 201,
    body: acceptBody,
    idempotent: true,
    example: {
      body: { version: '2026-03-01' },
      data: { version: '2026-03-01', accepted_at: '2026-03-01T08:00:00.000Z' },
    },
  })
  accept(
    @Body(new InputPipe(acceptBody)) body: HandledInputOf<typeof AcceptTerms>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof AcceptTerms>> {
    return this.messages.command(AcceptTerms, body, call, { idempotencyKey });
  }
}
