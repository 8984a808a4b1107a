export interface LogLine {
  service: string;
  message: string;
  request_id?: string;
  [field: string]: unknown;
}

/** The platform's logs as they were written; what the harness itself put between them is left out. */
export function logLines(logs: string): { text: string; lines: LogLine[]; malformed: string[] } {
  const written = logs.split('\n').filter((line) => line !== '' && !/^(?:---|===) /.test(line));
  const lines: LogLine[] = [];
  const malformed: string[] = [];
  for (const line of written) {
    try {
      lines.push(JSON.parse(line) as LogLine);
    } catch {
      malformed.push(line);
    }
  }
  return { text: written.join('\n'), lines, malformed };
}
