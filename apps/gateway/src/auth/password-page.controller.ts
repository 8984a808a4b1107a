import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { localeSchema, type Locale } from '#contracts';
import { Texts, type TextKey } from '#i18n';
import { sendPageFile } from '../pages/page.parts.js';
import { readPage } from '../pages/page.source.js';
import { AllowAccess } from '../rest/access.decorator.js';
import { InputPipe } from '../rest/input.pipe.js';

/** What the page says, by the names it uses. */
const sentences = [
  'title',
  'about',
  'token',
  'password',
  'password_rule',
  'repeated',
  'set',
  'not_the_same',
  'password_set',
  'factor_title',
  'factor_about',
  'picture',
  'secret',
  'open_app',
  'uri',
  'code',
  'confirm',
  'later',
  'recovery_title',
  'recovery_about',
  'factor_on',
  'factor_later',
  'done',
  'again',
  'no_connection',
] as const;

/**
 * Where an invited admin sets the password of the console account and turns the second factor on (U-13). The page holds no secret: it
 * asks the REST face like everybody else.
 */
@ApiExcludeController()
@AllowAccess('public')
@Controller('set-password')
export class PasswordPageController {
  private readonly page = readPage('password-page');

  constructor(private readonly texts: Texts) {}

  @Get()
  open(@Res() reply: FastifyReply): void {
    sendPageFile(reply, this.page.get('index.html'));
  }

  @Get('texts/:language')
  speak(@Param('language', new InputPipe(localeSchema)) language: Locale): Record<string, string> {
    return Object.fromEntries(
      sentences.map((name) => {
        const key: TextKey = `password_page.${name}`;
        return [name, this.texts.text(language, key)];
      }),
    );
  }

  @Get(':file')
  file(@Param('file') name: string, @Res() reply: FastifyReply): void {
    sendPageFile(reply, this.page.get(name));
  }
}
