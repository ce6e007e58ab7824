import type { Addon } from "@duchenne/addon";

/** The binding as @duchenne/addon builds it. */
export const torchAddon: Addon;
