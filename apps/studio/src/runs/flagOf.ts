/** A setting as the command line has it: `warmupSteps` is `--warmup-steps`. */
export const flagOf = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
