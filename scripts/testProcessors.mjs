// Runs the tests that promise bits (*.bits.test.ts) and the golden ones as other processors would run them: libtorch, OpenBLAS and
// oneDNN choose their kernels by the processor, and each takes an older one's by an environment variable. `make test-processors`.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Processors by what their kernels need; `reports` is what libtorch and OpenBLAS then say that they use. */
const PROCESSORS = [
  {
    name: "x86-64 with SSE4.1",
    flags: ["sse4_1"],
    env: { ATEN_CPU_CAPABILITY: "default", OPENBLAS_CORETYPE: "Prescott", ONEDNN_MAX_CPU_ISA: "SSE41" },
    reports: { libtorch: /^(NO AVX|DEFAULT)$/, OpenBLAS: /^Prescott$/ },
  },
  {
    name: "Intel with AVX2",
    flags: ["avx2", "fma"],
    env: { ATEN_CPU_CAPABILITY: "avx2", OPENBLAS_CORETYPE: "Haswell", ONEDNN_MAX_CPU_ISA: "AVX2" },
    reports: { libtorch: /^AVX2$/, OpenBLAS: /^Haswell$/ },
  },
  {
    name: "AMD with AVX2",
    flags: ["avx2", "fma"],
    env: { ATEN_CPU_CAPABILITY: "avx2", OPENBLAS_CORETYPE: "Zen", ONEDNN_MAX_CPU_ISA: "AVX2" },
    reports: { libtorch: /^AVX2$/, OpenBLAS: /^Zen$/ },
  },
  {
    name: "Intel with AVX-512",
    flags: ["avx512f", "avx512bw", "avx512dq", "avx512vl"],
    env: { ATEN_CPU_CAPABILITY: "avx512", OPENBLAS_CORETYPE: "SkylakeX", ONEDNN_MAX_CPU_ISA: "AVX512_CORE" },
    reports: { libtorch: /^AVX512$/, OpenBLAS: /^SkylakeX$/ },
  },
];

/** Golden tests once per processor: their tolerances cover what threads change. */
const RUNS = [
  { threads: 1, tests: ["bits.test.ts", "golden.test.ts", "golden.slow.test.ts"] },
  { threads: 2, tests: ["bits.test.ts"] },
  { threads: 4, tests: ["bits.test.ts"] },
];

const cpuFlags = existsSync("/proc/cpuinfo")
  ? new Set(/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1].trim().split(" "))
  : new Set();

/** Why this machine cannot emulate a processor; undefined where it can. */
function obstacle({ flags, env, reports }) {
  const lacking = flags.filter((flag) => !cpuFlags.has(flag));
  if (lacking.length > 0) return `its own processor lacks ${lacking.join(", ")}`;
  const program = `import("@duchenne/torch").then(({ info }) => console.log(info().buildConfiguration))`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", program], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...env, OPENBLAS_VERBOSE: "2" },
  });
  if (status !== 0) throw new Error(`libtorch did not load with ${assignments(env)}:\n${stderr}`);
  const used = {
    libtorch: /CPU capability usage: (.*)/.exec(stdout)?.[1],
    OpenBLAS: /^Core: (.*)/m.exec(stdout + stderr)?.[1],
  };
  const ignoring = Object.keys(reports).find((part) => !reports[part].test(used[part] ?? ""));
  return ignoring && `${ignoring} takes ${used[ignoring] ?? "kernels that it does not name"}`;
}

const assignments = (env) =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ") || "as it is";

/** @returns whether all tests passed */
function runTests({ threads, tests }, env) {
  const start = performance.now();
  const workers = Math.max(1, Math.floor(availableParallelism() / threads));
  const { status, stdout, stderr } = spawnSync(
    `${root}/node_modules/.bin/vitest`,
    ["run", `--maxWorkers=${workers}`, ...tests],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      env: { ...process.env, ...env, DUCHENNE_TEST_THREADS: `${threads}`, NO_COLOR: "1" },
    },
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const outcome = /^ *Tests +(.*)$/m.exec(stdout)?.[1] ?? `vitest ended with ${status}`;
  console.log(`  threads: ${threads}   ${tests.join(" ")}   ${outcome}   ${seconds} s`);
  if (status !== 0) console.log(`${stdout}${stderr}`);
  return status === 0;
}

const failed = [];
/** All runs by one processor's kernels. */
function runAll(name, env) {
  console.log(`${name}: ${assignments(env)}`);
  for (const run of RUNS) if (!runTests(run, env)) failed.push(`${name}, threads: ${run.threads}`);
}

const obstacles = PROCESSORS.map(obstacle);
for (const [i, { name, env }] of PROCESSORS.entries()) if (!obstacles[i]) runAll(name, env);
if (obstacles.every(Boolean)) runAll("this machine's own", {});
for (const [i, { name }] of PROCESSORS.entries())
  if (obstacles[i]) console.log(`not emulated here: ${name}: ${obstacles[i]}`);
for (const run of failed) console.error(`failed: ${run}`);
process.exitCode = failed.length > 0 ? 1 : 0;
