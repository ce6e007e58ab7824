import { hasOperator } from "../core/dispatch.ts";
import { ArgumentError, OperatorError, refuseUnknown, TorchError } from "../core/errors.ts";
import { isLoaded } from "../core/native.ts";
import { operator } from "../core/operator.ts";
import { launchedRank, type RankPlace } from "./environment.ts";
import { asGroupError, type GroupAddress, ProcessGroupError } from "./errors.ts";

const joinNative = operator(
  "duchenne::init_process_group(str host, int port, bool serve, str prefix, int rank, int size, float timeout, bool ends_with_others) -> ()",
);
const leaveNative = operator("duchenne::destroy_process_group(str reason) -> ()");
const builtWithNccl = operator("duchenne::built_with_nccl() -> bool");

/** How long processes wait for each other by default. */
const TIMEOUT_SECONDS = 300;

/** What `initProcessGroup` takes; what is left out is read from the launcher's variables. */
export interface ProcessGroupOptions extends Partial<RankPlace> {
  /** How long to wait for the others, at the start and in each collective. Default 300. */
  readonly timeoutSeconds?: number;
  /**
   * End this process, with exit code 1 and a message on stderr, half a second after another one of the group is killed, or 5 s after one
   * said that it ends by an error, whatever this one is doing then: computing a long step, or waiting for a GPU. Default: false, its
   * next collective fails.
   */
  readonly endsWithOthers?: boolean;
}

/** The processes that train together, from the view of this one. */
export interface ProcessGroup extends GroupAddress {
  readonly localRank: number;
  readonly restarts: number;
}

const known: Readonly<Record<keyof RankPlace, (value: unknown) => boolean>> = {
  rank: isIndex,
  worldSize: (value) => isIndex(value) && Number(value) > 0,
  localRank: isIndex,
  masterAddress: (value) => typeof value === "string" && value !== "",
  masterPort: (value) => isIndex(value) && Number(value) > 0 && Number(value) < 65536,
  agentStore: (value) => typeof value === "boolean",
  restarts: isIndex,
};

const EXPECTED: Readonly<Record<keyof RankPlace, string>> = {
  rank: "an integer from 0",
  worldSize: "an integer from 1",
  localRank: "an integer from 0",
  masterAddress: "a host name or address",
  masterPort: "an integer from 1 to 65535",
  agentStore: "true or false",
  restarts: "an integer from 0",
};

let joined: ProcessGroup | undefined;

/** The last error since joining that nobody caught, and whether the program goes on after it by a handler of its own. */
let uncaught: { text: string; survived: boolean } | undefined;

const noteUncaught = (error: unknown): void => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const survived =
    process.listenerCount("uncaughtException") > 0 || process.hasUncaughtExceptionCaptureCallback();
  uncaught = { text, survived };
};

/** What the others are told when this process ends; nothing of an error if it ends as it should. */
function reasonOfEnd(code: number): string {
  if (code === 0) return "";
  if (uncaught && !uncaught.survived) return uncaught.text;
  return `it ended with exit code ${code}${uncaught ? `, after ${uncaught.text}` : ""}`;
}

/** A process that ends without having left leaves now: the others do not take it for a killed one, nor wait for it, and hear of its error. */
const leaveAtExit = (code: number): void => destroyProcessGroup(reasonOfEnd(code));

function setJoined(group: ProcessGroup | undefined): void {
  joined = group;
  uncaught = undefined;
  process.off("uncaughtExceptionMonitor", noteUncaught).off("exit", leaveAtExit);
  if (group) process.on("uncaughtExceptionMonitor", noteUncaught).on("exit", leaveAtExit);
}

/**
 * Joins the processes that a launcher started: torchrun, Slurm, Kubernetes, mpirun. Blocks until all are there. The group
 * belongs to the thread that joined it.
 * @param options what the launcher's variables do not say
 * @returns this process's place
 * @throws ArgumentError for a variable or option that is missing or out of range; ProcessGroupError if ranks never joined (it
 * names them), the port is in use, nobody serves the address, two processes have one rank, or this process has joined before
 */
export function initProcessGroup(options: ProcessGroupOptions = {}): ProcessGroup {
  refuseUnknown("initProcessGroup", options, [...Object.keys(known), "timeoutSeconds", "endsWithOthers"]);
  const place = placeOf(options);
  const timeoutSeconds = options.timeoutSeconds ?? TIMEOUT_SECONDS;
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400))
    throw new ArgumentError(
      "initProcessGroup",
      "timeoutSeconds",
      "a number up to 86400",
      String(timeoutSeconds),
      "Leave it out for 300 s.",
    );
  const { endsWithOthers = false } = options;
  const { rank, worldSize, localRank, masterAddress, masterPort, agentStore, restarts } = place;
  const group = { rank, worldSize, localRank, masterAddress, masterPort, restarts, timeoutSeconds };
  if (!hasOperator("duchenne::init_process_group"))
    throw new TorchError(
      "initProcessGroup: expected a libtorch with c10d, received one that was built without it. Install another libtorch, and name its folder in LIBTORCH.",
    );
  // An agent's store outlives a restart: the keys of each attempt are apart.
  const prefix = `duchenne/${agentStore ? restarts : 0}`;
  const serve = rank === 0 && !agentStore;
  try {
    joinNative(masterAddress, masterPort, serve, prefix, rank, worldSize, timeoutSeconds, endsWithOthers);
  } catch (error) {
    throw asGroupError(error, group);
  }
  setJoined(group);
  return group;
}

function placeOf({ timeoutSeconds: _, endsWithOthers: __, ...options }: ProcessGroupOptions): RankPlace {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const complete = ["rank", "worldSize", "masterAddress", "masterPort"].every((name) => name in given);
  const launched = complete ? undefined : launchedRank();
  if (!complete && !launched && !("worldSize" in given))
    throw new ArgumentError(
      "initProcessGroup",
      "WORLD_SIZE",
      "torchrun's variables, or options",
      "neither",
      "Start the program with torchrun, or pass rank, worldSize, masterAddress and masterPort.",
    );
  const place = { localRank: 0, agentStore: false, restarts: 0, ...launched, ...given } as RankPlace;
  for (const [name, fits] of Object.entries(known)) {
    const value: unknown = place[name as keyof RankPlace];
    if (!fits(value))
      throw new ArgumentError(
        "initProcessGroup",
        name,
        EXPECTED[name as keyof RankPlace],
        String(value),
        "Pass one, or leave it to the launcher's variables.",
      );
  }
  if (place.rank >= place.worldSize)
    throw new ArgumentError(
      "initProcessGroup",
      "rank",
      `less than worldSize, ${place.worldSize}`,
      String(place.rank),
      "Number the processes from 0.",
    );
  return place;
}

function isIndex(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** The group that this process has joined; undefined for one that trains alone. */
export function processGroup(): ProcessGroup | undefined {
  return joined;
}

/** Whether this process has joined a group. */
export function isInitialized(): boolean {
  return joined !== undefined;
}

/** Whether collectives of CUDA tensors go through NCCL: the addon was built where its headers are. */
export function usesNccl(): boolean {
  return hasOperator("duchenne::built_with_nccl") && builtWithNccl();
}

/**
 * Leaves the group; nothing if there is none. A process that ends by itself, also by an error that nobody catches, leaves before.
 * @param reason of an error: the other ranks, which fail at once, name it in theirs
 */
export function destroyProcessGroup(reason = ""): void {
  if (!isLoaded() || joined === undefined) return;
  setJoined(undefined);
  leaveNative(reason);
}

/**
 * Runs a collective.
 * @throws ProcessGroupError if it fails, or without a group
 */
export function inGroup<T>(operation: string, collective: (group: ProcessGroup) => T): T {
  const group = joined;
  if (!group)
    throw new TorchError(
      `${operation}: expected a process group, received none. Call initProcessGroup first.`,
    );
  try {
    return collective(group);
  } catch (error) {
    throw failed(error, group);
  }
}

/**
 * What a collective inside another call failed with: SyncBatchNorm's backward pass throws through `backward`.
 * @returns a ProcessGroupError if that is what the error is about; else the error itself
 */
export function groupErrorOf(error: unknown): unknown {
  return joined ? failed(error, joined) : error;
}

/** A broken group is gone natively: so is it here. */
function failed(error: unknown, group: ProcessGroup): unknown {
  const known = error instanceof OperatorError ? asGroupError(error, group) : error;
  if (known instanceof ProcessGroupError && /failed: /.test(known.message)) setJoined(undefined);
  return known;
}
