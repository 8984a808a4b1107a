import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AcceptLanguageResolver, I18nJsonLoader, I18nModule } from 'nestjs-i18n';
import { Texts } from './texts.js';

/** `locales/` of the project, whether this runs from the sources or from `dist/`. */
function localesDirectory(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'locales');
  }
  throw new Error('locales/ was not found');
}

/**
 * The translations without nestjs-i18n's own look at every request and every event: a call knows its language
 * (`Call.locale`), and a resolver that is asked for each message costs more than the message's own handler.
 */
function translations(): DynamicModule {
  const whole = I18nModule.forRoot({
    fallbackLanguage: 'en',
    loader: I18nJsonLoader,
    loaderOptions: { path: `${localesDirectory()}/`, watch: false },
    resolvers: [AcceptLanguageResolver],
    disableMiddleware: true,
    logging: false,
  });
  const isInterceptor = (provider: unknown): boolean =>
    typeof provider === 'object' && provider !== null && 'provide' in provider && provider.provide === APP_INTERCEPTOR;
  return { ...whole, providers: (whole.providers ?? []).filter((provider) => !isInterceptor(provider)) };
}

/** Gives `Texts` to a service. */
@Global()
@Module({
  imports: [translations()],
  providers: [Texts],
  exports: [Texts],
})
export class TextsModule {}
