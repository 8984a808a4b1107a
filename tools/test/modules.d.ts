/** Types of this folder's plain JavaScript, for its tests. */
declare module '*/staleness.check.mjs' {
  export function needsInstall(root: string): boolean;
  export function newestSource(directory: string): number;
  export function needsBuild(root: string): boolean;
}

declare module '*/skipped.summary.mjs' {
  export interface TestReport {
    testResults: { name: string; assertionResults: { status: string; title: string; ancestorTitles: string[] }[] }[];
  }
  export function skippedSuites(report: TestReport, root: string): string[];
  export function readSkippedSuites(path: string, root: string): string[];
}
