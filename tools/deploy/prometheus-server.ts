import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { reservePort } from '#testing/reserved.ports';

/** One address that Prometheus reads. */
export interface ScrapeTarget {
  job: string;
  /** host:port */
  address: string;
  /** Added to every series of the target. */
  labels?: Record<string, string>;
  /** Default `/metrics`. */
  metricsPath?: string;
}

export interface PrometheusOptions {
  targets: readonly ScrapeTarget[];
  /** A folder with rule files (`*.yml`), evaluated as often as the targets are read. */
  rulesDir?: string;
  /** Default 1. */
  scrapeIntervalSeconds?: number;
  /** Program to start. Default `prometheus`. */
  binary?: string;
}

/** One series of an instant query, with its value now. */
export interface Sample {
  metric: Record<string, string>;
  value: number;
}

export interface PrometheusServer {
  /** http://127.0.0.1:<port> */
  url: string;
  /** Runs an instant query; rejects with Prometheus's own words when the expression is wrong. A scalar has no labels. */
  query(expression: string): Promise<Sample[]>;
  /** Ends the process and removes its files. */
  stop(): Promise<void>;
}

const readyTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;
const queryTimeoutMs = 10_000;
const outputAtMost = 20_000;

/** Starts a real Prometheus on a free port of 127.0.0.1, with its data in a temporary folder, and waits until it is ready. */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const address = `127.0.0.1:${await reservePort()}`;
  const url = `http://${address}`;
  await writeFile(join(folder, 'prometheus.yml'), stringify(configuration(options)));
  const child = spawn(
    options.binary ?? 'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(child, url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, query: (expression) => query(url, expression), stop };
}

function configuration({ targets, rulesDir, scrapeIntervalSeconds = 1 }: PrometheusOptions) {
  const interval = `${scrapeIntervalSeconds}s`;
  return {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: rulesDir === undefined ? [] : [join(rulesDir, '*.yml')],
    // A job_name may stand only once, a target's own label `job` wins over it.
    scrape_configs: targets.map(({ job, address, labels, metricsPath = '/metrics' }, index) => ({
      job_name: `target-${index}`,
      metrics_path: metricsPath,
      static_configs: [{ targets: [address], labels: { ...labels, job } }],
    })),
  };
}

/** Polls until Prometheus says that it is ready; a process that ends meanwhile says why. */
async function untilReady(child: ChildProcess, url: string): Promise<void> {
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-outputAtMost)));
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('error', (error) => reject(new Error(`Prometheus did not start: ${error.message}`)));
    child.once('exit', (code) => reject(new Error(`Prometheus ended with code ${code}:\n${output}`)));
  });
  const deadline = performance.now() + readyTimeoutMs;
  const ready = async () => {
    while (performance.now() < deadline) {
      const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(50);
    }
    throw new Error(`Prometheus was not ready after ${readyTimeoutMs} ms:\n${output}`);
  };
  await Promise.race([ready(), ended]);
  ended.catch(() => undefined);
}

interface QueryAnswer {
  status: 'success' | 'error';
  error?: string;
  data?:
    | { resultType: 'vector'; result: Array<{ metric: Record<string, string>; value: [number, string] }> }
    | { resultType: 'scalar'; result: [number, string] };
}

async function query(url: string, expression: string): Promise<Sample[]> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
    signal: AbortSignal.timeout(queryTimeoutMs),
  });
  const { data, error } = (await response.json()) as QueryAnswer;
  if (!data) throw new Error(`${expression}: ${error ?? response.status}`);
  if (data.resultType === 'scalar') return [{ metric: {}, value: Number(data.result[1]) }];
  return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(forced);
}
