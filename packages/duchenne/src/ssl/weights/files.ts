import { homedir } from "node:os";
import { join } from "node:path";

/**
 * torchvision's ImageNet weights. The eight digits before the suffix are the first of the file's SHA-256: torch.hub's
 * naming. ResNet-50's are its first version's, those of the paper's time.
 */
export const WEIGHT_FILES = {
  resnet18: "resnet18-f37072fd.pth",
  resnet34: "resnet34-b627a593.pth",
  resnet50: "resnet50-0676ba61.pth",
  resnet101: "resnet101-63fe2227.pth",
} as const;

/** Name of a weights file that `fetchWeights` knows. */
export type WeightsName = keyof typeof WEIGHT_FILES;

/** Where torchvision's weights are published. */
export const WEIGHTS_URL = "https://download.pytorch.org/models/";

/** The digits in a file's name that its SHA-256 starts with. @throws RangeError if there are none */
export function hashDigits(file: string): string {
  const digits = /-([0-9a-f]{8,64})\.[a-z]+$/.exec(file)?.[1];
  if (digits === undefined)
    throw new RangeError(
      `${file}: expected a name that ends in -<hash digits>.<suffix>, received none. Rename the file.`,
    );
  return digits;
}

/** The default folder of files: `duchenne` in the user's cache folder (XDG Base Directory). */
export function defaultCache(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "duchenne");
}
