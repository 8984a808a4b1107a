export interface TestReport {
  testResults: { name: string; assertionResults: { status: string; title: string; ancestorTitles: string[] }[] }[];
}
export function skippedSuites(report: TestReport, root: string): string[];
export function readSkippedSuites(path: string, root: string): string[];
