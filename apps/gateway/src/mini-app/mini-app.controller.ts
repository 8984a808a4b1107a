import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppError, localeSchema, type Locale } from '#contracts';
import { Texts, type TextKey } from '#i18n';
import { AllowAccess } from '../rest/access.decorator.js';
import { InputPipe } from '../rest/input.pipe.js';
import { readPage } from './page.source.js';

/** Only what is ours runs and is asked; Telegram's web client shows the page in a frame. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  'frame-ancestors https://web.telegram.org',
].join('; ');

/** What the page says, by the names it uses. */
const sentences = [
  'title',
  'greeting',
  'check_in',
  'streak',
  'check_in_now',
  'checked_in',
  'not_checked_in',
  'done',
  'done_elsewhere',
  'points',
  'frozen',
  'membership',
  'membership_none',
  'membership_trial',
  'membership_formal',
  'membership_permanent',
  'membership_expired',
  'until',
  'ended',
  'how_to_join',
  'again',
  'outside',
  'no_connection',
] as const;

/** Gaps that the page fills keep their names. */
const gaps = { name: '{name}', points: '{points}', time: '{time}' };

/** The platform's page in Telegram (B-02): membership, points and today's check-in. It asks the REST face like everybody else. */
@ApiExcludeController()
@AllowAccess('public')
@Controller('app')
export class MiniAppController {
  private readonly page = readPage();

  constructor(private readonly texts: Texts) {}

  @Get()
  open(@Res() reply: FastifyReply): void {
    this.send(reply, 'index.html');
  }

  /** The sentences with their gaps (`{name}`), for the page to fill. */
  @Get('texts/:language')
  speak(@Param('language', new InputPipe(localeSchema)) language: Locale): Record<string, string> {
    return Object.fromEntries(
      sentences.map((name) => {
        const key: TextKey = `mini_app.${name}`;
        return [name, this.texts.lookup(language, key, gaps) ?? ''];
      }),
    );
  }

  @Get(':file')
  file(@Param('file') name: string, @Res() reply: FastifyReply): void {
    this.send(reply, name);
  }

  private send(reply: FastifyReply, name: string): void {
    const file = this.page.get(name);
    if (file === undefined) throw new AppError('system.route_not_found');
    void reply
      .header('content-type', file.type)
      .header('content-security-policy', contentSecurityPolicy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-cache')
      .send(file.content);
  }
}
