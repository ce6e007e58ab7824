/** What onnxruntime-node computes with: the processor, or a GPU. */

/** Execution providers that can be asked for by name. */
export const PROVIDERS = ["cpu", "cuda", "webgpu"] as const;
/** An execution provider: the processor, or a GPU by CUDA or WebGPU. */
export type Provider = (typeof PROVIDERS)[number];

/** What a build of onnxruntime says of a provider. */
export interface OfferedProvider {
  readonly name: string;
  /** Whether the package brings what the provider needs; otherwise its libraries are installed apart. */
  readonly bundled: boolean;
}

/** The providers of a build, for messages: "cpu, webgpu; and cuda, tensorrt, whose libraries are installed apart". */
export function describeProviders(offered: readonly OfferedProvider[]): string {
  const names = (bundled: boolean) =>
    offered
      .filter((one) => one.bundled === bundled)
      .map(({ name }) => name)
      .join(", ");
  const apart = names(false);
  return apart === "" ? names(true) : `${names(true)}; and ${apart}, whose libraries are installed apart`;
}
