import type { EmulatedMember } from '#testing';

interface Raised {
  readonly rule: string;
  readonly userId: number;
  readonly note: string;
}

/** An admin finds the newest alarm about this member in the admin menu, takes it and closes it (P-09, B-04): 600 points in two records. */
export async function takeAndCloseAlarm(chat: EmulatedMember, { rule, userId, note }: Raised): Promise<void> {
  await chat.send('/admin');
  await chat.click('🚨 Points alarms');
  await chat.click(`🔴 ${rule} · #${userId}`);
  await chat.waitForMessage(new RegExp(`${rule}[\\s\\S]*nobody has looked[\\s\\S]*600 points[\\s\\S]*2 records`));
  await chat.click('👀 I am looking into it');
  await chat.waitForMessage(/being looked into/);
  await chat.click('✅ Close it');
  await chat.send('ok');
  await chat.waitForMessage(/3 to 255 characters/);
  await chat.send(note);
  await chat.waitForMessage(new RegExp(`closed[\\s\\S]*${note}`));
}
