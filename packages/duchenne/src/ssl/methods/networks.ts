// Networks the methods share: backbone and head, and the momentum copy of one.
import { type Generator, nn, noGrad, ops, scope, type Tensor } from "@duchenne/torch";
import type { Backbone, BackboneDefinition } from "../backbones/index.ts";

const { BatchNorm1d, Linear, Module, ReLU, Sequential } = nn;

/** A backbone under a head: images [n, 3, h, w] to embeddings [n, dim]. */
export class EmbeddingNetwork extends Module {
  constructor(
    readonly backbone: Backbone,
    readonly projection: nn.Module,
  ) {
    super();
    this.child("backbone", backbone);
    this.child("projection", projection);
  }

  override forward(images: Tensor): Tensor {
    return this.projection.call(this.backbone.embed(images));
  }
}

/** Linear(d, d), ReLU, Linear(d, dim): the contrastive methods' projection head. */
export function projectionHead(features: number, dim: number, generator: Generator): nn.Module {
  return new Sequential(
    new Linear(features, features, { generator }),
    new ReLU(),
    new Linear(features, dim, { generator }),
  );
}

/** Linear, BatchNorm, ReLU, Linear: BYOL's projector and predictor. */
export function byolHead(inputs: number, hidden: number, dim: number, generator: Generator): nn.Module {
  return new Sequential(
    new Linear(inputs, hidden, { generator }),
    new BatchNorm1d(hidden),
    new ReLU(),
    new Linear(hidden, dim, { generator }),
  );
}

/** The contrastive methods' network, its weights drawn from a generator. */
export function contrastiveNetwork(
  definition: BackboneDefinition,
  dim: number,
  generator: Generator,
): EmbeddingNetwork {
  const backbone = definition.build({ generator });
  return new EmbeddingNetwork(backbone, projectionHead(backbone.features, dim, generator));
}

/** Makes a network the momentum copy of another: the same values, and no gradient. @returns the copy */
export function asMomentumCopy<M extends nn.AnyModule>(copy: M, source: nn.AnyModule): M {
  copy.loadStateDict(source.stateDict());
  for (const parameter of copy.parameters()) parameter.requiresGrad_(false);
  return copy;
}

/**
 * copy ← m · copy + (1 − m) · source, parameter by parameter. BatchNorm's running statistics are not averaged: the copy runs
 * in training mode and gathers its own.
 * @param momentum m, in [0, 1]
 */
export function moveMomentumCopy(copy: nn.AnyModule, source: nn.AnyModule, momentum: number): void {
  scope(() =>
    noGrad(() => {
      const parameters = copy.parameters();
      ops.foreachMul_(parameters, momentum);
      ops.foreachAdd_(parameters, source.parameters(), { alpha: 1 - momentum });
    }),
  );
}
