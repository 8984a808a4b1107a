import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProcess, startProcess, stopProcess } from './process.control.js';
import { findProgram, missingPrograms } from './program.locator.js';
import { isTraversable, socketDirectory } from './service.paths.js';

let directory = '';
let pidFile = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'process-control-'));
  pidFile = join(directory, 'process.json');
});

afterEach(async () => {
  await stopProcess(pidFile, 'SIGKILL', 5000);
  rmSync(directory, { recursive: true, force: true });
});

function startScript(script: string): Promise<void> {
  return startProcess({
    command: process.execPath,
    args: ['-e', script],
    pidFile,
    logFile: join(directory, 'output.log'),
  });
}

const waitForever = 'setInterval(() => {}, 1000);';

describe('processes of our own', () => {
  it('remembers one that runs and forgets one that was ended', async () => {
    await startScript(waitForever);
    expect(readProcess(pidFile)?.pid).toBeGreaterThan(0);
    await stopProcess(pidFile, 'SIGTERM', 5000);
    expect(readProcess(pidFile)).toBeUndefined();
  });

  it('kills one that does not follow a request to end', async () => {
    await startScript(`process.on('SIGTERM', () => {}); console.log('ready'); ${waitForever}`);
    await expect
      .poll(() => readFileSync(join(directory, 'output.log'), 'utf8'), { timeout: 10_000 })
      .toContain('ready');
    await stopProcess(pidFile, 'SIGTERM', 300);
    expect(readProcess(pidFile)).toBeUndefined();
  });

  it('does not take another process with the same number for its own', async () => {
    writeFileSync(pidFile, JSON.stringify({ pid: process.pid, startTicks: 'of another one' }));
    expect(readProcess(pidFile)).toBeUndefined();
    await stopProcess(pidFile, 'SIGTERM', 100);
  });

  it('says so when a program cannot be run', async () => {
    const missing = { command: join(directory, 'absent'), args: [], pidFile, logFile: join(directory, 'output.log') };
    await expect(startProcess(missing)).rejects.toThrow('ENOENT');
  });

  it('keeps what a process prints', async () => {
    await startScript(`console.log('printed'); ${waitForever}`);
    await expect
      .poll(() => readFileSync(join(directory, 'output.log'), 'utf8'), { timeout: 10_000 })
      .toContain('printed');
  });
});

describe('programs and directories', () => {
  it('finds programs on the path and lists those that are missing', () => {
    expect(findProgram('sh')).toMatch(/\/sh$/);
    expect(missingPrograms(['sh', 'no-such-program'])).toEqual(['no-such-program']);
  });

  it('moves sockets out of a directory whose name is too long', () => {
    expect(socketDirectory('/tmp/short', false)).toBe('/tmp/short');
    const standIn = socketDirectory(`/tmp/${'long/'.repeat(20)}`, false);
    expect(standIn.length).toBeLessThan(60);
    expect(socketDirectory(`/tmp/${'long/'.repeat(20)}`, false)).toBe(standIn);
    rmSync(standIn, { recursive: true });
  });

  it('moves files of another user out of a closed directory', () => {
    expect(isTraversable(directory)).toBe(false);
    const standIn = socketDirectory(directory, true);
    expect(standIn).not.toBe(directory);
    rmSync(standIn, { recursive: true });
  });
});
