import { GroupBotService } from './group-bot.service.js';
import { GroupMigrationService } from './group-migration.service.js';
import { GroupQueryService } from './group-query.service.js';
import { GroupRosterService } from './group-roster.service.js';
import { RosterCheckService } from './roster-check.service.js';
import { RosterCheckGauge } from './roster-check.counter.js';
import { RosterWriter } from './roster.writer.js';

/** What the module `user` needs for groups (U-12). */
export const groupControllers = [
  GroupRosterService,
  GroupBotService,
  GroupMigrationService,
  GroupQueryService,
  RosterCheckService,
];
export const groupProviders = [RosterWriter, RosterCheckGauge];
