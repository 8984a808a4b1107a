import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Global, Module } from '@nestjs/common';
import { AcceptLanguageResolver, I18nJsonLoader, I18nModule } from 'nestjs-i18n';
import { Texts } from './texts.js';

/** `locales/` of the project, whether this runs from the sources or from `dist/`. */
export function localesDirectory(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'locales');
  }
  throw new Error('locales/ was not found');
}

/** Gives `Texts` to a service. */
@Global()
@Module({
  imports: [
    I18nModule.forRoot({
      fallbackLanguage: 'en',
      loader: I18nJsonLoader,
      loaderOptions: { path: `${localesDirectory()}/`, watch: false },
      resolvers: [AcceptLanguageResolver],
      disableMiddleware: true,
      logging: false,
    }),
  ],
  providers: [Texts],
  exports: [Texts],
})
export class TextsModule {}
