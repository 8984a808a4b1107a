import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery, serviceNames } from './contract.js';
import { localeSchema } from './call.js';
import { termsVersionSchema, timeSchema, userIdSchema } from './field.schemas.js';

const pending = ['deletion_pending'] as const;

export const deletionSchema = z.object({
  requested_at: timeSchema.nullable().describe('null while no deletion is asked for'),
  due_at: timeSchema.nullable().describe('until then the account can be restored'),
});

/** Deletion with a grace period (U-15): until `due_at` the account can be restored, then it is erased in every service. */
export const RequestDeletion = defineCommand({
  name: 'user.request_deletion.v1',
  summary: 'Ask for the deletion of the calling account; it can be restored until it is due',
  input: z.object({}),
  output: deletionSchema,
  errors: ['user.not_found', 'user.banned', 'user.being_erased', 'user.deletion_not_possible'],
  openTo: pending,
});

export const RestoreAccount = defineCommand({
  name: 'user.restore_account.v1',
  summary: 'Take a requested deletion back',
  input: z.object({}),
  output: z.object({ restored: z.literal(true) }),
  errors: ['user.not_found', 'user.banned', 'user.no_deletion_pending'],
  openTo: pending,
});

export const GetDeletion = defineQuery({
  name: 'user.get_deletion.v1',
  summary: 'Whether and when the calling account will be deleted',
  input: z.object({}),
  output: deletionSchema,
  errors: ['user.not_found'],
  openTo: pending,
});

/** Whoever fetches an archive asks for it first: counted, limited and audited. */
export const RequestDataExport = defineCommand({
  name: 'user.request_data_export.v1',
  summary: 'Note that a member fetches the archive of their data',
  input: z.object({}),
  output: z.object({ export_id: z.string(), requested_at: timeSchema }),
  errors: ['user.not_found', 'privacy.too_many_exports'],
  openTo: pending,
});

const exportInput = z.object({
  section: z.string().max(64).nullable().default(null).describe('null for the names of the sections'),
  offset: z.int().min(0).max(1_000_000).default(0),
  limit: z.int().min(1).max(500).default(500),
});

const exportOutput = z.object({
  sections: z.array(z.string()),
  rows: z.array(z.record(z.string(), z.unknown())),
});

const exportSummary = 'What this service keeps about the calling member, section by section';

export const ExportUserData = defineQuery({
  name: 'user.export_personal_data.v1',
  summary: exportSummary,
  input: exportInput,
  output: exportOutput,
  openTo: pending,
});
export const ExportEntitlementData = defineQuery({
  name: 'entitlement.export_personal_data.v1',
  summary: exportSummary,
  input: exportInput,
  output: exportOutput,
  openTo: pending,
});
export const ExportPointsData = defineQuery({
  name: 'points.export_personal_data.v1',
  summary: exportSummary,
  input: exportInput,
  output: exportOutput,
  openTo: pending,
});
export const ExportNotificationData = defineQuery({
  name: 'notification.export_personal_data.v1',
  summary: exportSummary,
  input: exportInput,
  output: exportOutput,
  openTo: pending,
});

/** The services that keep data of members, and how each is asked for them. */
export const dataExports = [ExportUserData, ExportEntitlementData, ExportPointsData, ExportNotificationData] as const;
export type DataExport = (typeof dataExports)[number];

export const GetTermsAcceptance = defineQuery({
  name: 'user.get_terms_acceptance.v1',
  summary: 'Which version of the terms the calling member has accepted, and when',
  input: z.object({}),
  output: z.object({
    current_version: z.string(),
    required: z.boolean().describe('whether nobody registers without having accepted the current version'),
    accepted_version: z.string().nullable(),
    accepted_at: timeSchema.nullable(),
  }),
  openTo: pending,
});

export const AcceptTerms = defineCommand({
  name: 'user.accept_terms.v1',
  summary: 'Accept the terms of use; accepting the same version again changes nothing',
  input: z.object({ version: termsVersionSchema, locale: localeSchema.optional() }),
  output: z.object({ version: z.string(), accepted_at: timeSchema }),
  errors: ['user.not_found', 'terms.version_outdated'],
});

export const TermsAccepted = defineEvent({
  name: 'user.terms_accepted.v1',
  summary: 'A member has accepted a version of the terms',
  payload: z.object({ user_id: userIdSchema, version: z.string(), accepted_at: timeSchema }),
});

export const DeletionRequested = defineEvent({
  name: 'user.deletion_requested.v1',
  summary: 'A member has asked for the deletion of the account',
  payload: z.object({ user_id: userIdSchema, due_at: timeSchema }),
});

export const DeletionCancelled = defineEvent({
  name: 'user.deletion_cancelled.v1',
  summary: 'A member has restored the account',
  payload: z.object({ user_id: userIdSchema }),
});

export const DeletionReminderDue = defineEvent({
  name: 'user.deletion_reminder_due.v1',
  summary: 'A deletion comes near',
  payload: z.object({ user_id: userIdSchema, days_left: z.int(), due_at: timeSchema }),
});

export const ErasureStarted = defineEvent({
  name: 'user.erasure_started.v1',
  summary: 'The grace is over: every service erases what it keeps about the member',
  payload: z.object({ user_id: userIdSchema }),
});

const erasedPayload = z.object({
  user_id: userIdSchema,
  service: z.enum(serviceNames),
  rows: z.int().describe('rows erased or made anonymous'),
});
const erasedSummary = 'A service has erased what it kept about a member';

export const EntitlementDataErased = defineEvent({
  name: 'entitlement.personal_data_erased.v1',
  summary: erasedSummary,
  payload: erasedPayload,
});
export const PointsDataErased = defineEvent({
  name: 'points.personal_data_erased.v1',
  summary: erasedSummary,
  payload: erasedPayload,
});
export const NotificationDataErased = defineEvent({
  name: 'notification.personal_data_erased.v1',
  summary: erasedSummary,
  payload: erasedPayload,
});

/** What the service `user` waits for before it erases its own part. */
export const erasureReports = [EntitlementDataErased, PointsDataErased, NotificationDataErased] as const;
export type ErasureReport = (typeof erasureReports)[number];

export const UserErased = defineEvent({
  name: 'user.erased.v1',
  summary: 'Everything about a member is erased in every service and in the audit log',
  payload: z.object({ user_id: userIdSchema }),
});

export const DataExportRequested = defineEvent({
  name: 'user.data_export_requested.v1',
  summary: 'A member fetches the archive of their data',
  payload: z.object({ user_id: userIdSchema, export_id: z.string() }),
});
