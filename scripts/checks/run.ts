/** `npm run check:sources`: the house and its names, from the root of the repository. */
import { architectureProblems } from "./architecture.ts";
import { readModules } from "./modules.ts";
import { nameProblems } from "./names.ts";
import { TOLERATED } from "./rules.ts";

const modules = readModules();
const problems = [...architectureProblems(modules), ...nameProblems(modules)];
const isTolerated = (problem: string) => TOLERATED.some((pattern) => pattern.test(problem));
const failures = problems.filter((problem) => !isTolerated(problem));
for (const problem of problems)
  console.error(isTolerated(problem) ? `tolerated: ${problem.split("\n")[0]}` : problem);
console.error(
  `${modules.length} modules, ${failures.length} problems, ${problems.length - failures.length} tolerated`,
);
if (failures.length > 0) process.exitCode = 1;
