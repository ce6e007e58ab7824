/** What may import what. */

/** A folder whose subfolders are floors of a house: each imports only from those after it. */
export interface House {
  readonly folder: string;
  /** From top to bottom; those in one entry stand side by side and do not import each other. */
  readonly floors: readonly (readonly string[])[];
}

export const HOUSES: readonly House[] = [
  {
    folder: "packages",
    floors: [["duchenne"], ["predict", "face"], ["crop", "torch"], ["addon", "model-fer"]],
  },
  {
    folder: "packages/duchenne/src",
    floors: [
      ["cli"],
      ["studio", "demo", "doctor"],
      ["report"],
      ["deploy"],
      ["evaluate"],
      ["ssl"],
      ["data"],
      ["synth"],
      ["lib"],
    ],
  },
  {
    folder: "packages/duchenne/src/ssl",
    floors: [
      ["train"],
      ["run"],
      ["loader"],
      ["methods"],
      ["losses"],
      ["features"],
      ["views"],
      ["weights"],
      ["sampling"],
      ["backbones"],
      ["config"],
    ],
  },
];

/** Files that present the folder they are in, or start the program in it. */
export const ENTRY_NAME = /\/(index\.ts|main\.tsx)$/;

/** Tensors and what makes them: a tensor's methods call the dispatcher, which returns tensors. */
export const ONE_BODY =
  /^packages\/torch\/src\/core\/(tensor|data|description|dispatch|generator|indexing|networkOperators|operators?|remedies|scope|tape|tensorOperations)\.ts$/;
