import { cudaDeviceCount } from "@duchenne/torch";
import { ConfigError, setting } from "../../lib/errors.ts";

/** @param device `cpu`, `cuda` or `cuda:<number>` @throws ConfigError for one that is not there */
export function checkDevice(device: string): void {
  const cuda = /^cuda(?::(\d+))?$/.exec(device);
  const devices = cudaDeviceCount();
  if (device !== "cpu" && (cuda === null || Number(cuda[1] ?? 0) >= devices))
    throw new ConfigError(
      setting("device"),
      `cpu, or one of ${devices} CUDA devices (cuda:0 …)`,
      device,
      "Choose one of these.",
    );
}
