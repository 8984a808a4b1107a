import { Injectable } from '@nestjs/common';
import { BeginConsoleLogin, CheckConsolePassword, GetConsoleAccount, HashConsolePassword, type Call } from '#contracts';
import { MessageClient } from '#messaging';

/** Passwords are looked at outside of transactions: first the try is counted, then the password is looked at, then the wish is sent. */
@Injectable()
export class ConsoleLoginClient {
  constructor(private readonly messages: MessageClient) {}

  /** What the look at a password under a name said. @throws AppError auth.locked_out */
  async proofFor(username: string, password: string, call: Call): Promise<string> {
    await this.messages.command(BeginConsoleLogin, { username }, call);
    return (await this.messages.query(CheckConsolePassword, { username, password }, call)).proof;
  }

  /** The same for who is signed in. @throws AppError console.account_unknown, auth.locked_out */
  async ownProof(password: string, call: Call): Promise<string> {
    const { username } = await this.messages.query(GetConsoleAccount, {}, call);
    return this.proofFor(username, password, call);
  }

  /** @throws AppError auth.password_unsuitable */
  async hashOf(password: string, call: Call): Promise<string> {
    return (await this.messages.query(HashConsolePassword, { password }, call)).password_hash;
  }
}
