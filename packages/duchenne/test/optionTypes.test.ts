// Unknown options do not compile; `tsc` checks these. At run time they are refused: unknownOptions.test.ts.
import { describe, expectTypeOf, test } from "vitest";
import { type ExportOptions, exportModel, type PredictOptions, predictFile } from "../src/deploy/index.ts";
import { type ProbeHooks, type ProbeOptions, probe } from "../src/evaluate/index.ts";
import {
  adam,
  adamw,
  type BackboneDefinition,
  byol,
  type ContrastiveOptions,
  constant,
  faceViews,
  holdCosine,
  lars,
  loadBackbone,
  mocoV2,
  type OptimizerOptions,
  type PretrainOptions,
  pretrain,
  resnet18,
  sgd,
  simclr,
  slimResNet,
  sslFer,
  tinyResNet,
  type WarmupOptions,
  warmupCosine,
} from "../src/ssl/index.ts";

const values: PretrainOptions = {
  store: "films.store",
  method: {} as PretrainOptions["method"],
  views: {} as PretrainOptions["views"],
  optimizer: {} as PretrainOptions["optimizer"],
  schedule: {} as PretrainOptions["schedule"],
  out: "runs/first",
};
const backbone = {} as BackboneDefinition;

// Never called: only their types count.
describe("an unknown key does not compile", () => {
  test("pretrain", () => {
    expectTypeOf(pretrain).parameter(0).toEqualTypeOf<PretrainOptions>();
    const right = () => pretrain({ ...values, steps: 3, batch: 8, seed: 0 });
    expectTypeOf(right).toBeFunction();
    const wrong = () => [
      // @ts-expect-error: no such setting
      pretrain({ ...values, stepz: 3 }),
      // @ts-expect-error: belongs to the optimizer
      pretrain({ ...values, learningRate: 3 }),
      // @ts-expect-error: text
      pretrain({ ...values, steps: "3" }),
    ];
    expectTypeOf(wrong).toBeFunction();
  });

  test("probe", () => {
    expectTypeOf(probe).parameter(2).toEqualTypeOf<ProbeOptions | undefined>();
    expectTypeOf(probe).parameter(3).toEqualTypeOf<ProbeHooks | undefined>();
    const [loaded, hooks] = [{} as Parameters<typeof probe>[0], { onNotice: () => {} }];
    const right = () => probe(loaded, "films.store", { task: "va", seeds: 1 }, hooks);
    expectTypeOf(right).toBeFunction();
    const wrong = () => [
      // @ts-expect-error: no such option
      probe(loaded, "films.store", { seedz: 1 }),
      // @ts-expect-error: no such task
      probe(loaded, "films.store", { task: "age" }),
      // @ts-expect-error: no such hook
      probe(loaded, "films.store", {}, { onNotise: () => {} }),
    ];
    expectTypeOf(wrong).toBeFunction();
  });

  test("exportModel, predictFile, loadBackbone", () => {
    expectTypeOf(exportModel).parameter(2).toEqualTypeOf<ExportOptions | undefined>();
    expectTypeOf(predictFile).parameter(2).toEqualTypeOf<PredictOptions | undefined>();
    const right = () => [
      exportModel([], "model", { precision: "half", cropScale: 1.3 }),
      predictFile({} as never, "talk.mp4", { landmarkModel: "points.dat", fps: 5 }),
      loadBackbone("runs/first", { backbone }),
    ];
    expectTypeOf(right).toBeFunction();
    const wrong = () => [
      // @ts-expect-error: no such option
      exportModel([], "model", { half: true }),
      // @ts-expect-error: no such precision
      exportModel([], "model", { precision: "int8" }),
      // @ts-expect-error: no such option
      predictFile({} as never, "talk.mp4", { landmarks: "points.dat" }),
      // @ts-expect-error: no such option
      loadBackbone("runs/first", { architecture: backbone }),
    ];
    expectTypeOf(wrong).toBeFunction();
  });

  test("methods", () => {
    expectTypeOf(sslFer).parameter(0).toEqualTypeOf<ContrastiveOptions>();
    const right = () => [
      sslFer({ backbone, hardNegWeight: 10 }),
      simclr({ backbone, temperature: 0.1 }),
      mocoV2({ backbone, queueSize: 64 }),
      byol({ backbone, byolMomentum: 0.99 }),
    ];
    expectTypeOf(right).toBeFunction();
    const wrong = () => [
      // @ts-expect-error: no such setting
      sslFer({ backbone, hardNegWeigth: 10 }),
      // @ts-expect-error: no backbone
      sslFer({ hardNegWeight: 10 }),
      // @ts-expect-error: MoCo's
      simclr({ backbone, queueSize: 64 }),
      // @ts-expect-error: no such setting
      mocoV2({ backbone, queue: 64 }),
      // @ts-expect-error: BYOL has no negatives
      byol({ backbone, temperature: 0.1 }),
    ];
    expectTypeOf(wrong).toBeFunction();
  });

  test("backbones take no options", () => {
    for (const build of [tinyResNet, slimResNet, resnet18])
      expectTypeOf(build).toEqualTypeOf<() => BackboneDefinition>();
    // @ts-expect-error: weights are a setting of `pretrain`: `init`
    const wrong = () => resnet18({ pretrained: true });
    expectTypeOf(wrong).toBeFunction();
  });

  test("views, optimizers, schedules", () => {
    for (const build of [adam, adamw, sgd, lars])
      expectTypeOf(build).parameter(0).toEqualTypeOf<OptimizerOptions | undefined>();
    for (const build of [warmupCosine, holdCosine])
      expectTypeOf(build).parameter(0).toEqualTypeOf<WarmupOptions | undefined>();
    expectTypeOf(constant).parameters.toEqualTypeOf<[]>();
    const right = () => [
      faceViews({ size: 64 }),
      adam({ learningRate: 1e-3, weightDecay: 0 }),
      warmupCosine({ warmupSteps: 50 }),
    ];
    expectTypeOf(right).toBeFunction();
    const wrong = () => [
      // @ts-expect-error: no such setting
      faceViews({ width: 64 }),
      // @ts-expect-error: no such setting
      adam({ lr: 1e-3 }),
      // @ts-expect-error: no such setting
      sgd({ nesterov: true }),
      // @ts-expect-error: no such setting
      warmupCosine({ warmup: 50 }),
      // @ts-expect-error: it takes no options
      constant({ warmupSteps: 50 }),
    ];
    expectTypeOf(wrong).toBeFunction();
  });
});
