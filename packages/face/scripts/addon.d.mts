import type { Addon } from "@duchenne/addon";

/** The addon as @duchenne/addon builds it. */
export const faceAddon: Addon;
