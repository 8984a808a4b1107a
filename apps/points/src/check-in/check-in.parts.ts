import { AmnestyJob } from './amnesty.job.js';
import { AmnestyService } from './amnesty.service.js';
import { CalendarService } from './calendar.service.js';
import { AmnestyEntity, CheckInEntity } from './check-in.entity.js';
import { CheckInService } from './check-in.service.js';
import { MakeupService } from './makeup.service.js';
import { MemberService } from './member.service.js';
import { RankRecorder } from './rank.recorder.js';
import { StreakWriter } from './streak.writer.js';

/** Check-in, makeup, calendar, ranks, amnesties (P-02, P-03, P-04). */
export const checkInControllers = [CheckInService, MakeupService, CalendarService, AmnestyService, MemberService];
export const checkInProviders = [StreakWriter, RankRecorder, AmnestyJob];
export const checkInEntities = [CheckInEntity, AmnestyEntity];
