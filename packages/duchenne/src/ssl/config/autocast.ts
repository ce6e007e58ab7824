/** When products are taken in bfloat16. */
import { hasBfloat16 } from "./bfloat16.ts";
import type { PretrainConfig } from "./config.ts";

type AutocastSettings = Pick<PretrainConfig, "device" | "autocast">;

/** Products in bfloat16: "auto" takes them on CUDA, whose units for bfloat16 are many times as fast. */
export function usesAutocast({ device, autocast }: AutocastSettings): boolean {
  return autocast === "on" || (autocast === "auto" && device.startsWith("cuda"));
}

/** Whether the processor has to imitate bfloat16. */
export const isSlowAutocast = (settings: AutocastSettings): boolean =>
  usesAutocast(settings) && settings.device === "cpu" && !hasBfloat16();

/** Notice of a training with slow bfloat16. */
export const SLOW_AUTOCAST =
  '`autocast: "on"`: this processor has no instructions for bfloat16, and computes its products many times slower than ' +
  'float32\'s. Use `autocast: "off"`.';
