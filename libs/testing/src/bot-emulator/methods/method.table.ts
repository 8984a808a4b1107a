import { answerMethods } from './answer.methods.js';
import type { ApiMethod } from './api.method.js';
import { editMethods } from './edit.methods.js';
import { groupMethods } from './group.methods.js';
import { inviteMethods } from './invite.methods.js';
import { profileMethods } from './profile.methods.js';
import { sendMethods } from './send.methods.js';
import { updateMethods } from './update.methods.js';

const all: Record<string, ApiMethod> = {
  ...updateMethods,
  ...profileMethods,
  ...sendMethods,
  ...editMethods,
  ...answerMethods,
  ...groupMethods,
  ...inviteMethods,
};

/** By lower-case name, because Telegram does not mind the case. */
export const methodTable: ReadonlyMap<string, ApiMethod> = new Map(
  Object.entries(all).map(([name, method]) => [name.toLowerCase(), method]),
);
