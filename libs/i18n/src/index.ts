export * from './locale.rules.js';
export type { TextKey, TextParams } from './text.keys.generated.js';
export * from './texts.js';
export * from './texts.module.js';
