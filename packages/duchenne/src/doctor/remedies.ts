/** The packages of each system that bring what is missing, and the commands that install them. */
import { existsSync, readFileSync } from "node:fs";
import type { Finding, Remedy } from "./finding.ts";

/** Systems that the doctor knows commands for. */
export const SYSTEMS = {
  debian: "Debian, Ubuntu",
  fedora: "Fedora",
  macos: "macOS",
  docker: "Docker",
} as const;
/** One of them. */
export type System = keyof typeof SYSTEMS;

type Packages = Readonly<Record<Exclude<System, "docker">, readonly string[]>>;

const PACKAGES: Partial<Record<Remedy, Packages>> = {
  headers: { debian: ["libnode-dev"], fedora: ["nodejs-devel"], macos: [] },
  compiler: { debian: ["g++", "make", "python3"], fedora: ["gcc-c++", "make", "python3"], macos: [] },
  libtorch: {
    debian: ["libtorch-dev", "libopenblas0-openmp"],
    fedora: ["python3-torch-devel", "openblas-openmp"],
    macos: ["pytorch"],
  },
  blas: { debian: ["libopenblas0-openmp"], fedora: ["openblas-openmp"], macos: [] },
  dlib: { debian: ["libdlib-dev"], fedora: ["dlib-devel", "blas", "lapack"], macos: ["dlib"] },
  landmarks: { debian: ["libdlib-data"], fedora: [], macos: [] },
  ffmpeg: { debian: ["ffmpeg"], fedora: ["ffmpeg-free"], macos: ["ffmpeg"] },
  fonts: { debian: ["fonts-dejavu-core"], fedora: ["dejavu-sans-fonts"], macos: [] },
};

/** What no package manager of a system brings. */
const ELSEWHERE: Partial<Record<Remedy, string>> = {
  node: "Node.js 20.17 or newer: https://nodejs.org/en/download",
  onnxruntime: "npm install onnxruntime-node",
  pages: "npm install duchenne   (in a clone: make build)",
};

const LANDMARKS =
  "curl -LO http://dlib.net/files/shape_predictor_68_face_landmarks.dat.bz2 && bunzip2 shape_predictor_68_face_landmarks.dat.bz2 && " +
  'export DUCHENNE_LANDMARK_MODEL="$PWD/shape_predictor_68_face_landmarks.dat"';

/** Which system this is; Debian's commands are shown where it is none of them. */
export function thisSystem(): System {
  if (process.platform === "darwin") return "macos";
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return /^(ID|ID_LIKE)=.*(fedora|rhel|centos)/m.test(release) ? "fedora" : "debian";
}

/** Packages of a system that bring what the findings lack. */
export function packagesFor(system: Exclude<System, "docker">, findings: readonly Finding[]): string[] {
  const names = remediesOf(findings).flatMap((remedy) => PACKAGES[remedy]?.[system] ?? []);
  return [...new Set(names)];
}

const remediesOf = (findings: readonly Finding[]): Remedy[] =>
  findings.flatMap(({ remedy, status }) =>
    remedy && (status === "missing" || status === "slow") ? [remedy] : [],
  );

/** The commands that install what is missing, by system; none if nothing is. */
export function commandsFor(findings: readonly Finding[]): Record<System, string[]> {
  const remedies = remediesOf(findings);
  const elsewhere = remedies.flatMap((remedy) => ELSEWHERE[remedy] ?? []);
  const landmarks = remedies.includes("landmarks") ? [LANDMARKS] : [];
  const [debian, fedora, macos] = (["debian", "fedora", "macos"] as const).map((system) =>
    packagesFor(system, findings),
  ) as [string[], string[], string[]];
  const apt = debian.join(" ");
  return {
    debian: [
      ...(apt ? [`sudo apt-get update && sudo apt-get install --no-install-recommends ${apt}`] : []),
      ...elsewhere,
    ],
    fedora: [
      ...(fedora.length > 0 ? [`sudo dnf install ${fedora.join(" ")}`] : []),
      ...landmarks,
      ...elsewhere,
    ],
    macos: [
      ...(remedies.includes("compiler") ? ["xcode-select --install"] : []),
      ...(macos.length > 0 ? [`brew install ${macos.join(" ")}`] : []),
      ...landmarks,
      ...elsewhere,
    ],
    docker: apt
      ? [
          "FROM node:22-bookworm",
          `RUN apt-get update && apt-get install -y --no-install-recommends ${apt} && rm -rf /var/lib/apt/lists/*`,
          "RUN npm install duchenne",
        ]
      : [],
  };
}
