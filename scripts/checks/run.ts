/** `npm run check:sources`: the house, its names and its errors, from the root of the repository. */
import { readFileSync } from "node:fs";
import { architectureProblems } from "./architecture.ts";
import { errorProblems } from "./errors.ts";
import { readModules } from "./modules.ts";
import { nameProblems } from "./names.ts";

const modules = readModules();
const problems = [
  ...architectureProblems(modules),
  ...nameProblems(modules),
  ...modules.flatMap(({ file }) => errorProblems(file, readFileSync(file, "utf8"))),
];
for (const problem of problems) console.error(problem);
console.error(`${modules.length} modules, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
