import { createRequire } from 'node:module';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/** One broken rule: `from` imports `to`. */
export interface BrokenRule {
  rule: string;
  from: string;
  to: string;
}

interface RuleFile {
  forbidden: IForbiddenRuleType[];
  options: ICruiseOptions & { tsConfig: { fileName: string } };
}

const ruleFile = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as RuleFile;

/** The rules by name, as written in .dependency-cruiser.cjs. */
export const rules = ruleFile.forbidden;

/** Top-level folders whose files obey the rules. */
export const folders = ['apps', 'libs', 'e2e', 'bench', 'tools'];

/**
 * Applies the rules to the tree at `root`, which needs a tsconfig.json.
 * Returns every broken rule, empty when the tree is clean.
 */
export async function brokenRules(root: string, present: string[] = folders): Promise<BrokenRule[]> {
  const { tsConfig, enhancedResolveOptions, ...options } = ruleFile.options;
  const result = await cruise(
    present,
    { ...options, baseDir: root, validate: true, ruleSet: { forbidden: rules } },
    { ...enhancedResolveOptions },
    { tsConfig: extractTsConfig(`${root}/${tsConfig.fileName}`) },
  );
  const { summary } = result.output as ICruiseResult;
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}
