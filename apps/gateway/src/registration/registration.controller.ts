import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { askedTerms } from '#config';
import { GetTermsAcceptance, RegisterWithCode, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../gateway.env.js';
import { acceptedTerms } from '../privacy/accepted-terms.rules.js';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const body = strict(RegisterWithCode.input);

@ApiTags('registration')
@Controller('v1/registrations')
export class RegistrationController {
  constructor(
    private readonly messages: MessageClient,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {}

  @Post()
  @Endpoint({
    contract: RegisterWithCode,
    access: 'member',
    status: 201,
    body,
    idempotent: true,
    example: {
      body: { invite_code: 'COSPLAY7' },
      data: {
        membership: {
          state: 'trial',
          plan: 'trial',
          started_at: '2026-03-01T08:00:00.000Z',
          expires_at: '2026-03-08T08:00:00.000Z',
        },
      },
    },
  })
  async register(
    @Body(new InputPipe(body)) input: HandledInputOf<typeof RegisterWithCode>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof RegisterWithCode>> {
    const wish = { ...(await this.termsOf(input, call)), ...input };
    return this.messages.command(RegisterWithCode, wish, call, { idempotencyKey });
  }

  /** Who accepted the terms before, by `POST /v1/users/me/terms` or in the bot, need not say so again. */
  private async termsOf(
    { terms_version }: HandledInputOf<typeof RegisterWithCode>,
    call: Call,
  ): Promise<{ terms_version?: string }> {
    const asked = askedTerms(this.settings);
    if (terms_version !== undefined || !asked.isRequired) return {};
    return acceptedTerms(asked, (await this.messages.query(GetTermsAcceptance, {}, call)).accepted_version);
  }
}
