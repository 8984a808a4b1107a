import { runClosedLoop } from './closed.loop.js';
import { ConnectionPool } from './connection.pool.js';
import type { LoadPlan } from './load.plan.js';
import { OpenLoop, type Send } from './open.loop.js';
import { RequestMaker } from './request.maker.js';

/** The generator as a process of its own: takes one plan, runs it, answers with the result, and ends. */
const inFlightAtMost = 4_000;
const complaintsAtMost = 5;
const closedLoopPerSecond = 2_500;

async function run(plan: LoadPlan, secret: string): Promise<object> {
  const maker = new RequestMaker(plan, secret);
  const share = plan.pattern.filter((kind) => kind === 'check_in').length / plan.pattern.length;
  const wanted = (plan.ratePerSecond ?? closedLoopPerSecond) * plan.seconds * share;
  maker.prepare(Math.min(plan.freshUsers, Math.ceil(wanted)));
  const pool = await ConnectionPool.open(plan.host, plan.port, plan.connections);
  const complaints: string[] = [];
  const send: Send = (sequence, answered) => {
    const request = maker.make(sequence);
    if (!request) return answered(0, 'nobody left to check in');
    pool.send(request.text, (status, body) => {
      const isError = status < 200 || status >= 300;
      if (isError && complaints.length < complaintsAtMost) complaints.push(`${request.kind} ${status} ${body}`);
      answered(status, request.kind);
    });
  };
  const { seconds, ratePerSecond } = plan;
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const result =
    ratePerSecond === undefined
      ? await runClosedLoop({ width: plan.connections, seconds, send })
      : await new OpenLoop({ ratePerSecond, seconds, inFlightAtMost, send }).run();
  const used = process.cpuUsage(before);
  const cores = (used.user + used.system) / 1000 / (performance.now() - startedAt);
  pool.close();
  return { ...result, complaints, checkIns: maker.usedFreshUsers, generatorCores: Math.round(cores * 1000) / 1000 };
}

process.once('message', (plan: LoadPlan) => {
  run(plan, process.env['AUTH_SECRET'] ?? '').then(
    (result) => process.send?.({ result }, () => process.disconnect()),
    (error: unknown) => process.send?.({ error: String(error) }, () => process.disconnect()),
  );
});
