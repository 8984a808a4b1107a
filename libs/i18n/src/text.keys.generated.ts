// Generated from locales/en by `npm run generate`. Do not edit.

/** Every sentence and the parameters it takes. */
export interface TextParams {
}

export type TextKey = keyof TextParams;
