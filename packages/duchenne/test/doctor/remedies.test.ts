import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { describeDiagnosis } from "../../src/doctor/diagnose.ts";
import type { Diagnosis, Finding } from "../../src/doctor/finding.ts";
import { commandsFor } from "../../src/doctor/remedies.ts";

const MISSING: readonly Finding[] = [
  { name: "Node", status: "ok", found: "22.0.0" },
  {
    name: "libtorch",
    status: "missing",
    found: "not found; training and evaluation need it",
    remedy: "libtorch",
  },
  { name: "BLAS", status: "slow", found: "libblas: 5 GFLOP/s", remedy: "blas" },
  { name: "landmark model", status: "missing", found: "none", remedy: "landmarks" },
  { name: "compiler", status: "optional", found: "make not found", remedy: "compiler" },
];

describe("the commands of the doctor", () => {
  test("install what is missing or slow, each package once, and nothing else", () => {
    const commands = commandsFor(MISSING);
    expect(commands.debian).toEqual([
      "sudo apt-get update && sudo apt-get install --no-install-recommends libtorch-dev libopenblas0-openmp libdlib-data",
    ]);
    expect(commands.fedora[0]).toBe("sudo dnf install python3-torch-devel openblas-openmp");
    expect(commands.fedora[1]).toContain("DUCHENNE_LANDMARK_MODEL");
    expect(commands.macos[0]).toBe("brew install pytorch");
    expect(commands.docker.join("\n")).toContain("libtorch-dev libopenblas0-openmp libdlib-data");
  });

  test("are none if nothing is missing", () => {
    expect(Object.values(commandsFor([MISSING[0]!])).flat()).toEqual([]);
  });

  test("come under their system's name, this one's first", () => {
    const diagnosis: Diagnosis = {
      ok: false,
      findings: MISSING,
      commands: commandsFor(MISSING),
      system: "fedora",
    };
    const text = describeDiagnosis(diagnosis);
    expect(text).toMatch(/^libtorch +MISSING +not found; training and evaluation need it$/m);
    expect(text.indexOf("Fedora:")).toBeLessThan(text.indexOf("Debian, Ubuntu:"));
    expect(text).toContain("Docker:\n  FROM node:22-bookworm");
  });
});

const PROGRAM = fileURLToPath(new URL("../../bin/duchenne.js", import.meta.url));

/** The command, as JSON. */
function doctor(env: NodeJS.ProcessEnv = {}): { status: number | null; diagnosis: Diagnosis } {
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM, "doctor", "--json"], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, diagnosis: JSON.parse(stdout) as Diagnosis };
}

describe("duchenne doctor", () => {
  test("finds everything where the tests run", () => {
    const { status, diagnosis } = doctor();
    expect(diagnosis.findings.filter((finding) => finding.status === "missing")).toEqual([]);
    expect([status, diagnosis.ok]).toEqual([0, true]);
    expect(diagnosis.findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "Node",
        "compiler",
        "libtorch",
        "BLAS",
        "dlib",
        "landmark model",
        "onnxruntime",
        "FFmpeg",
        "GPU",
        "threads",
      ]),
    );
    expect(diagnosis.findings.find(({ name }) => name === "BLAS")?.found).toMatch(/\d+ GFLOP\/s/);
  });

  test("names what is missing, and ends with 1", () => {
    const { status, diagnosis } = doctor({
      DUCHENNE_LANDMARK_MODEL: "/nowhere/model.dat",
      DUCHENNE_FFMPEG: "/nowhere/ffmpeg",
      LIBTORCH: "/nowhere",
    });
    expect(status).toBe(1);
    const missing = diagnosis.findings
      .filter((finding) => finding.status === "missing")
      .map(({ name }) => name);
    expect(missing).toEqual(expect.arrayContaining(["libtorch", "landmark model", "FFmpeg"]));
    expect(diagnosis.commands.debian?.[0]).toMatch(/apt-get install .*libtorch-dev .*libdlib-data .*ffmpeg/);
  });
});
