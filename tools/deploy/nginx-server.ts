import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './expressions.js';
import { isOlder, type ProgramResult, runProgram, versionOf } from './program.js';

const folderOfNginx = join(repositoryRoot, 'deploy/nginx');

export interface EdgePorts {
  http: number;
  https: number;
  /** Where the gateway's stand-in listens. */
  gateway: number;
}

export interface Edge {
  /** The certificate made by self-signed.sh. */
  certificate: string;
  /** The result of `nginx -t`. */
  check(): ProgramResult;
  start(): void;
  /** Ends nginx and removes its files. */
  stop(): Promise<void>;
}

/** Replaces one text that must be there, so that a change of the file cannot make a test look at something else. */
function swap(text: string, before: string, after: string): string {
  if (!text.includes(before)) throw new Error(`nginx.conf holds no "${before}"`);
  return text.replaceAll(before, after);
}

/** The configuration of the edge with ports and paths of this machine in the places of the container's. */
export function edgeConfiguration(ports: EdgePorts, folder: string, version: readonly number[]): string {
  let text = readFileSync(join(folderOfNginx, 'nginx.conf'), 'utf8');
  text = swap(text, 'listen 80 default_server', `listen 127.0.0.1:${ports.http} default_server`);
  text = swap(text, 'listen 443 ssl default_server', `listen 127.0.0.1:${ports.https} ssl default_server`);
  text = swap(text, 'server gateway:3000 resolve', `server 127.0.0.1:${ports.gateway}`);
  // One process: how connections are kept can be counted then.
  text = swap(text, 'worker_processes auto', 'worker_processes 1');
  text = swap(text, '/etc/nginx/certs', folder);
  text = swap(text, '/tmp/nginx.pid', join(folder, 'nginx.pid'));
  text = swap(text, '/dev/stdout', join(folder, 'access.log'));
  text = swap(text, '/dev/stderr', join(folder, 'error.log'));
  // http2 as a directive of its own came with 1.25.1.
  if (isOlder(version, [1, 25, 1])) text = swap(text, 'http2 on;', '');
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join(' ');
  return swap(text, 'server_tokens off;', `server_tokens off; ${paths}`);
}

/** Prepares nginx with the platform's configuration and a fresh certificate in a temporary folder. */
export function prepareEdge(binary: string, ports: EdgePorts): Edge {
  const folder = mkdtempSync(join(tmpdir(), 'edge-'));
  chmodSync(folder, 0o755);
  const made = runProgram(join(folderOfNginx, 'self-signed.sh'), [folder]);
  if (made.code !== 0) throw new Error(made.output);
  const path = join(folder, 'nginx.conf');
  writeFileSync(path, edgeConfiguration(ports, folder, versionOf(binary, '-v')));
  const asRoot = process.getuid?.() === 0 ? 'user root;' : '';
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', path, '-g', `daemon off; ${asRoot}`];
  let ended: Promise<unknown> | undefined;
  let end = () => {};
  return {
    certificate: readFileSync(join(folder, 'edge.crt'), 'utf8'),
    check: () => runProgram(binary, ['-t', ...args]),
    start: () => {
      const child = spawn(binary, args, { stdio: 'ignore' });
      ended = once(child, 'exit');
      end = () => void child.kill('SIGTERM');
    },
    stop: async () => {
      end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
