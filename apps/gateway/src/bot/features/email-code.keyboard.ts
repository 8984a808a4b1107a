import { defineCallback } from '../callback.data.js';

/** Mail a code to the address that was typed before; the bot remembers it. */
export const emailCodePress = defineCallback('email_code');
