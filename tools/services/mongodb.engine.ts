import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Workspace } from './engine.types.js';
import { canHaveFerretdb, ensureFerretdb } from './ferretdb.builder.js';
import { startProcess } from './process.control.js';
import { findProgram } from './program.locator.js';

/** FerretDB makes much garbage of each document: collecting it 16 times as rarely takes a third off what an insert costs. */
const ferretdbEnvironment = { GOGC: '1600', GOMEMLIMIT: '512MiB' };

/** MongoDB itself where it is installed; else FerretDB, which speaks its protocol over SQLite. */
async function start({ directory, ports }: Workspace): Promise<void> {
  const mongod = findProgram('mongod');
  const data = join(directory, mongod === undefined ? 'ferretdb' : 'data');
  mkdirSync(data, { recursive: true });
  await startProcess({
    command: mongod ?? (await ensureFerretdb()),
    args:
      mongod === undefined
        ? [`127.0.0.1:${ports.mongodb}`, data]
        : ['--dbpath', data, '--bind_ip', '127.0.0.1', '--port', String(ports.mongodb), '--nounixsocket'],
    ...(mongod === undefined && { environment: ferretdbEnvironment }),
    pidFile: join(directory, 'process.json'),
    logFile: join(directory, 'output.log'),
  });
}

/** The store of audit and operation logs. No Debian package brings it, so its absence is reported, not failed. */
export const mongodb: Engine = {
  name: 'mongodb',
  variables: ['MONGODB_URL'],
  ports: ['mongodb'],
  packages: [],
  composeService: 'mongodb',
  optional: true,
  pidFiles: ['process.json'],
  missing: () => (findProgram('mongod') !== undefined || canHaveFerretdb() ? [] : ['mongod', 'go']),
  urls: (ports) => ({ MONGODB_URL: `mongodb://127.0.0.1:${ports.mongodb}/coser` }),
  start,
  async probe(ports) {
    const { mongo } = await import('mongoose');
    const client = new mongo.MongoClient(mongodb.urls(ports)['MONGODB_URL'] ?? '', {
      serverSelectionTimeoutMS: 2000,
      directConnection: true,
    });
    try {
      await client.db('admin').command({ ping: 1 });
    } finally {
      await client.close();
    }
  },
};
