// Runs once, on an empty data directory: the account of the audit trail may add and read entries, never remove one. It changes
// them in one case: when a member is erased, what says who it was goes out of them.
const audit = db.getSiblingDB('coser_audit');
const trail = { db: 'coser_audit', collection: '' };

audit.createRole({
  role: 'auditWriter',
  privileges: [
    {
      resource: trail,
      actions: [
        'find',
        'insert',
        'update',
        'createCollection',
        'createIndex',
        'listIndexes',
        'listCollections',
        'collStats',
        'dbStats',
      ],
    },
  ],
  roles: [],
});
audit.createUser({ user: 'coser', pwd: process.env.AUDIT_PASSWORD, roles: ['auditWriter'] });
