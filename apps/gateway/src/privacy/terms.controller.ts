import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  AcceptTerms,
  defineQuery,
  GetTermsAcceptance,
  localeSchema,
  termsVersion,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { Texts } from '#i18n';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

/** No service is asked: the text is this one's. */
const getTerms = defineQuery({
  name: 'gateway.get_terms.v1',
  summary: 'The terms of use in the language of Accept-Language',
  input: z.object({}),
  output: z.object({ version: z.string(), language: localeSchema, text: z.string() }),
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
  ) {}

  @Get('terms')
  @Endpoint({ contract: getTerms, access: 'public' })
  terms(@CurrentCall() { locale }: Call): Terms {
    return { version: termsVersion, language: locale, text: this.texts.text(locale, 'account.terms.text') };
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
      body: { version: termsVersion },
      data: { version: termsVersion, accepted_at: '2026-03-01T08:00:00.000Z' },
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
