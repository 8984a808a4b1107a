import { z } from 'zod';
import { engineEnvironment, loadConfiguration } from '#config';
import { Database } from '#database';
import { inspectAll } from './ledger.inspector.js';
import { verifySeals } from './seal.inspector.js';

const sealsPerStep = 20;
const usage = `usage: npm run ledger -- reconcile | verify
  reconcile  compares every account with its records and holds, and says what differs
  verify     checks the sealed records for rows that were changed, removed or inserted
`;

/** `0` when the books are right, `1` when they are not, `2` when it was called wrongly. Reads only (P-01). */
export async function runLedgerCommand(
  words: readonly string[],
  write: (text: string) => void,
  environment?: NodeJS.ProcessEnv,
): Promise<0 | 1 | 2> {
  const [word, ...rest] = words;
  if ((word !== 'reconcile' && word !== 'verify') || rest.length > 0) {
    write(usage);
    return 2;
  }
  const settings = loadConfiguration(z.object(engineEnvironment), environment);
  const database = await Database.open({
    service: 'points',
    mysqlUrl: settings.MYSQL_URL,
    dataDirectory: settings.DATA_DIR,
    entities: [],
    migrations: [],
  });
  try {
    return (await (word === 'reconcile' ? reconcile(database, write) : verify(database, write))) ? 0 : 1;
  } finally {
    await database.close();
  }
}

async function reconcile({ reader }: Database, write: (text: string) => void): Promise<boolean> {
  const { accounts, imbalances } = await inspectAll(reader, ({ userId, problem, expected, found }) =>
    write(`account ${userId}: ${problem} should be ${expected} and is ${found}\n`),
  );
  write(`${accounts} accounts, ${imbalances} with books that do not add up\n`);
  return imbalances === 0;
}

async function verify({ reader }: Database, write: (text: string) => void): Promise<boolean> {
  const sum = { seals: 0, records: 0, problems: 0 };
  let digest = '';
  for (let after: number | null = 0; after !== null;) {
    const step = await verifySeals(reader, after, sealsPerStep);
    for (const { sealId, firstId, lastId, problem } of step.problems) {
      write(`seal ${sealId}, records ${firstId} to ${lastId}: ${problem}\n`);
    }
    sum.seals += step.seals;
    sum.records += step.records;
    sum.problems += step.problems.length;
    digest = step.digest;
    after = step.nextAfter;
  }
  write(`${sum.records} records under ${sum.seals} seals, ${sum.problems} seals broken\nlast digest: ${digest}\n`);
  return sum.problems === 0;
}
