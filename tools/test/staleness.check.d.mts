export function needsInstall(root: string): boolean;
export function newestSource(directory: string): number;
export function needsBuild(root: string): boolean;
