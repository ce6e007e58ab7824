/** What the help of `duchenne` says of each command: a call that only prints it loads none of them. */
export const OUTLINE = {
  demo: {
    takes: "[options]",
    about:
      "film synthetic actors, pre-train on them without labels, and evaluate (5 to 10 minutes on 2 cores)",
  },
  synth: {
    takes: "[options]",
    about: "draw and film synthetic actors: a data set with labels for every frame",
  },
  prepare: {
    takes: "[options] <source>",
    about: "detect, track and crop the faces of a data set, and store them with landmarks and labels",
  },
  pretrain: {
    takes: "[options] [store]",
    about: "pre-train a backbone on the clips of a store, without labels",
  },
  views: {
    takes: "[options] <store>",
    about:
      "draw batches as the network sees them: anchors, positives, hard negatives, swapped faces, false negatives",
  },
  probe: { takes: "[options] <backbone>", about: "evaluate a backbone on labelled faces" },
  export: {
    takes: "[options] <sources...>",
    about: "export saved probes or a backbone as a model for Node and the browser",
  },
  predict: {
    takes: "[options] <inputs...>",
    about: "predict expression of faces in pictures, videos or a camera stream with an exported model",
  },
  evaluate: { takes: "[options] <store>", about: "score an exported model on the labelled faces of a store" },
  embed: {
    takes: "[options] <inputs...>",
    about: "compute embeddings of faces in pictures, videos or a camera stream with an exported model",
  },
  inspect: {
    takes: "[options] <store>",
    about: "print what a store contains: counts, sizes, faces per person, and what prepare skipped and why",
  },
  report: {
    takes: "[options] <paths...>",
    about: "write an HTML page of runs and probes: tables, curves, embedding maps, neighbours, failures",
  },
  reproduce: {
    takes: "[options]",
    about: "pre-train and evaluate the rows of the paper's table, or your own rows",
  },
  store: { takes: "", about: "change a frame store" },
  studio: {
    takes: "[options] [folders...]",
    about: "open a local web app for runs, batches, embeddings and your webcam",
  },
  weights: {
    takes: "[options] <name>",
    about: "download ImageNet weights of a ResNet into the cache, and check them",
  },
  doctor: {
    takes: "[options]",
    about: "print what is installed, what is missing, and the command that installs it",
  },
} as const satisfies Readonly<Record<string, CommandOutline>>;

/** One command in a line. */
export interface CommandOutline {
  /** Its options and arguments, as commander writes them. */
  readonly takes: string;
  readonly about: string;
}

/** Name of a command. */
export type CommandName = keyof typeof OUTLINE;

/** Names that some commands had, and have for one version more. */
export const FORMER_NAMES = { synth: "cast" } as const satisfies Partial<Record<CommandName, string>>;

/** The former name of a command; undefined if it never had another. */
export const formerNameOf = (name: CommandName): string | undefined =>
  name in FORMER_NAMES ? FORMER_NAMES[name as keyof typeof FORMER_NAMES] : undefined;
