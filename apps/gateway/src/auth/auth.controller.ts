import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RefreshSession, SignInWithTelegram, SignOut, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

const signInBody = strict(SignInWithTelegram.input);
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
    @Body(new InputPipe(signInBody)) body: HandledInputOf<typeof SignInWithTelegram>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SignInWithTelegram>> {
    return this.messages.command(SignInWithTelegram, body, call);
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
