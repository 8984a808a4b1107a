import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  RefreshSession,
  SignInWithTelegram,
  SignInWithWidget,
  SignOut,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, Device } from '../rest/request.call.js';

const signInBody = strict(SignInWithTelegram.input.omit({ device: true }));
const widgetBody = strict(SignInWithWidget.input.omit({ device: true }));
const refreshBody = strict(RefreshSession.input);
const signOutBody = strict(SignOut.input);

/** Member tokens (U-14). */
@ApiTags('auth')
@Controller('v1/auth')
export class AuthController {
  constructor(private readonly messages: MessageClient) {}

  @Post('telegram')
  @Endpoint({ contract: SignInWithTelegram, access: 'public', body: signInBody })
  signIn(
    @Body(new InputPipe(signInBody)) body: z.output<typeof signInBody>,
    @Device() device: string | null,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SignInWithTelegram>> {
    return this.messages.command(SignInWithTelegram, { ...body, device }, call);
  }

  @Post('telegram-widget')
  @Endpoint({
    contract: SignInWithWidget,
    access: 'public',
    body: widgetBody,
    description: 'The body is the object that the widget hands to the page, as it is.',
  })
  signInWithWidget(
    @Body(new InputPipe(widgetBody)) body: z.output<typeof widgetBody>,
    @Device() device: string | null,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SignInWithWidget>> {
    return this.messages.command(SignInWithWidget, { ...body, device }, call);
  }

  @Post('refresh')
  @Endpoint({ contract: RefreshSession, access: 'public', body: refreshBody })
  refresh(
    @Body(new InputPipe(refreshBody)) body: HandledInputOf<typeof RefreshSession>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof RefreshSession>> {
    return this.messages.command(RefreshSession, body, call);
  }

  @Post('logout')
  @Endpoint({ contract: SignOut, access: 'public', body: signOutBody })
  signOut(
    @Body(new InputPipe(signOutBody)) body: HandledInputOf<typeof SignOut>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SignOut>> {
    return this.messages.command(SignOut, body, call);
  }
}
