import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  ChangeConsolePassword,
  CheckConsolePassword,
  ConfirmSecondFactor,
  GetConsoleAccount,
  RemoveSecondFactor,
  SetConsolePassword,
  SignInToConsole,
  StartSecondFactor,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { LimitPerIp } from '../rest/access.decorator.js';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, Device } from '../rest/request.call.js';
import { ConsoleLoginClient } from './console-login.client.js';

const { username, password } = CheckConsolePassword.input.shape;
const loginBody = z.strictObject({ username, password, code: SignInToConsole.input.shape.code });
const setBody = z.strictObject({ token: SetConsolePassword.input.shape.token, password });
const changeBody = z.strictObject({ current_password: password, new_password: password });
const confirmBody = strict(ConfirmSecondFactor.input);
const noFields = strict(StartSecondFactor.input);

const perIp = { name: 'console', setting: 'CONSOLE_LOGINS_PER_IP_PER_HOUR', windowMs: 3_600_000 } as const;

/** The admin console's way in (U-13): name, password and, where it is on, a second factor. */
@ApiTags('console')
@Controller('v1/auth/console')
export class ConsoleController {
  constructor(
    private readonly messages: MessageClient,
    private readonly logins: ConsoleLoginClient,
  ) {}

  @Post('login')
  @LimitPerIp(perIp)
  @Endpoint({
    contract: SignInToConsole,
    access: 'public',
    body: loginBody,
    refusals: ['auth.locked_out'],
    example: { body: { username: 'sakura', password: '…', code: '123456' } },
  })
  async signIn(
    @Body(new InputPipe(loginBody)) body: z.output<typeof loginBody>,
    @Device() device: string | null,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SignInToConsole>> {
    const proof = await this.logins.proofFor(body.username, body.password, call);
    return this.messages.command(SignInToConsole, { proof, code: body.code, device }, call);
  }

  @Post('passwords')
  @LimitPerIp(perIp)
  @Endpoint({
    contract: SetConsolePassword,
    access: 'public',
    body: setBody,
    refusals: ['auth.password_unsuitable'],
    example: { body: { token: '…', password: '…' } },
  })
  async setPassword(
    @Body(new InputPipe(setBody)) { token, password }: z.output<typeof setBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SetConsolePassword>> {
    const password_hash = await this.logins.hashOf(password, call);
    return this.messages.command(SetConsolePassword, { token, password_hash }, call);
  }

  @Post('password-changes')
  @Endpoint({
    contract: ChangeConsolePassword,
    access: 'member',
    body: changeBody,
    refusals: ['auth.password_unsuitable', 'auth.locked_out'],
    example: { body: { current_password: '…', new_password: '…' } },
  })
  async changePassword(
    @Body(new InputPipe(changeBody)) body: z.output<typeof changeBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ChangeConsolePassword>> {
    const proof = await this.logins.ownProof(body.current_password, call);
    const password_hash = await this.logins.hashOf(body.new_password, call);
    return this.messages.command(ChangeConsolePassword, { proof, password_hash }, call);
  }

  @Get('account')
  @Endpoint({ contract: GetConsoleAccount, access: 'member' })
  account(@CurrentCall() call: Call): Promise<OutputOf<typeof GetConsoleAccount>> {
    return this.messages.query(GetConsoleAccount, {}, call);
  }

  @Post('second-factor')
  @Endpoint({ contract: StartSecondFactor, access: 'member', stepUp: true, body: noFields })
  startSecondFactor(
    @Body(new InputPipe(noFields)) body: z.output<typeof noFields>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof StartSecondFactor>> {
    return this.messages.command(StartSecondFactor, body, call);
  }

  @Post('second-factor/confirmations')
  @Endpoint({ contract: ConfirmSecondFactor, access: 'member', body: confirmBody })
  confirmSecondFactor(
    @Body(new InputPipe(confirmBody)) body: z.output<typeof confirmBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ConfirmSecondFactor>> {
    return this.messages.command(ConfirmSecondFactor, body, call);
  }

  @Delete('second-factor')
  @Endpoint({ contract: RemoveSecondFactor, access: 'member', stepUp: true })
  removeSecondFactor(@CurrentCall() call: Call): Promise<OutputOf<typeof RemoveSecondFactor>> {
    return this.messages.command(RemoveSecondFactor, {}, call);
  }
}
