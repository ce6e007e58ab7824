/** Looks for all that duchenne uses of the machine. */
import type { Diagnosis, Finding } from "./finding.ts";
import { findDlib, findTools, findTorch } from "./native.ts";
import {
  findFfmpeg,
  findFonts,
  findLandmarks,
  findModel,
  findNode,
  findOnnxruntime,
  findPages,
} from "./others.ts";
import { commandsFor, SYSTEMS, thisSystem } from "./remedies.ts";

/** Installs nothing and builds nothing; loads libtorch in a process of its own. */
export async function diagnose(): Promise<Diagnosis> {
  const findings: Finding[] = [
    findNode(),
    ...findTools(),
    ...findTorch(),
    ...findDlib(),
    await findLandmarks(),
    await findFfmpeg(),
    await findOnnxruntime(),
    await findModel(),
    findFonts(),
    findPages(),
  ];
  return {
    ok: findings.every(({ status }) => status !== "missing"),
    findings,
    commands: commandsFor(findings),
    system: thisSystem(),
  };
}

const MARKS = { ok: "ok", slow: "slow", missing: "MISSING", optional: "-" } as const;

/** The diagnosis as text: a line for each finding, then the commands for each system, this one's first. */
export function describeDiagnosis({ findings, commands, system }: Diagnosis): string {
  const wide = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(
    ({ name, status, found }) => `${name.padEnd(wide)}  ${MARKS[status].padEnd(7)}  ${found}`,
  );
  const entries = Object.entries(commands).filter(([, list]) => list.length > 0);
  if (entries.length === 0) return `${lines.join("\n")}\n\nNothing is missing.\n`;
  entries.sort(([a], [b]) => Number(b === system) - Number(a === system));
  const blocks = entries.map(([name, list]) =>
    [`${SYSTEMS[name as keyof typeof SYSTEMS]}:`, ...list.map((command) => `  ${command}`)].join("\n"),
  );
  return `${lines.join("\n")}\n\nTo install what is missing${system === "macos" ? "" : ", run the line of your system, or duchenne doctor --install"}:\n${blocks.join("\n")}\n`;
}
