/** `npm run check:sources`: the house and its names, from the root of the repository. */
import { architectureProblems } from "./architecture.ts";
import { readModules } from "./modules.ts";
import { nameProblems } from "./names.ts";

const modules = readModules();
const problems = [...architectureProblems(modules), ...nameProblems(modules)];
for (const problem of problems) console.error(problem);
console.error(`${modules.length} modules, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
