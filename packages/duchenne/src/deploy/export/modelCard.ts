/** The card of a model, README.md: front matter for hubs, then use, figures, data, licences and limits. */
import { DATA_TERMS, type DataOrigin } from "../../data/store/origin.ts";
import { packageVersions } from "../../data/store/versions.ts";
import type { SavedProbe } from "../../evaluate/results/savedProbe.ts";
import type { Assembly } from "./assemble.ts";
import { cardFacts } from "./cardFacts.ts";
import type { ExportPrecision } from "./precision.ts";

/** Names of figures in tables, and on hubs. */
const FIGURES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  macroF1: ["macro F1", "f1"],
  accuracy: ["accuracy", "accuracy"],
  valenceCcc: ["valence CCC", "ccc"],
  valenceRmse: ["valence RMSE", "rmse"],
  arousalCcc: ["arousal CCC", "ccc"],
  arousalRmse: ["arousal RMSE", "rmse"],
};

const TASKS = { expression: "Facial expression recognition", va: "Valence and arousal estimation" } as const;

/** Terms of every model. */
const INHERITED_TERMS = [
  "Weights that were initialised from ImageNet's (torchvision) inherit ImageNet's terms: non-commercial research.",
  "dlib's 68-point landmark model, if it placed the landmarks, was trained on 300-W, whose licence excludes commercial use.",
  "The code that runs the model, @duchenne/predict, is MIT.",
] as const;

/** Writes the card. @param name of the model   @param precision of its weights   @returns Markdown */
export function modelCard(name: string, assembly: Assembly, precision: ExportPrecision): string {
  const sections = [
    frontMatter(name, assembly),
    `# ${name}`,
    ...banner(assembly),
    overview(assembly),
    use(),
    inputsAndOutputs(assembly, precision),
    ...assembly.probes.map(measured),
    terms(assembly),
    limits(assembly),
    `Made with duchenne ${packageVersions().duchenne}.`,
  ];
  return `${sections.join("\n\n")}\n`;
}

/** What a reader has to know before any figure. */
const banner = (assembly: Assembly): string[] =>
  cardFacts(assembly).origin === "drawn"
    ? [
        "> **Learned from drawn faces alone.** No real face taught this model, and its figures were measured on drawn faces too. Do not expect them on people: measure it on faces of your own first.",
      ]
    : [];

/** YAML; every JSON string is a YAML string. */
function frontMatter(name: string, assembly: Assembly): string {
  const { probes } = assembly;
  const synthetic = cardFacts(assembly).origin === "drawn" ? ", synthetic-data" : "";
  const lines = [
    "---",
    "license: other",
    "license_name: see-below",
    "library_name: onnx",
    `pipeline_tag: ${probes.some(({ task }) => task === "expression") ? "image-classification" : "image-feature-extraction"}`,
    `tags: [duchenne, facial-expression-recognition, valence-arousal, self-supervised, onnx${synthetic}]`,
  ];
  if (probes.length > 0)
    lines.push(
      "model-index:",
      `  - name: ${JSON.stringify(name)}`,
      "    results:",
      ...probes.flatMap(indexEntry),
    );
  return [...lines, "---"].join("\n");
}

function indexEntry({ task, data, figures }: SavedProbe): string[] {
  const metrics = figuresOf(figures).map(
    ({ name, type, value }) =>
      `          - { type: ${type}, name: ${JSON.stringify(name)}, value: ${value} }`,
  );
  return [
    "      - task:",
    `          type: ${task === "expression" ? "image-classification" : "image-regression"}`,
    `          name: ${JSON.stringify(TASKS[task])}`,
    `        dataset: { type: ${JSON.stringify(data.dataset)}, name: ${JSON.stringify(data.dataset)} }`,
    "        metrics:",
    ...metrics,
  ];
}

function figuresOf(figures: SavedProbe["figures"]) {
  return Object.entries(FIGURES).flatMap(([key, [name, type]]) => {
    const figure = figures[key];
    if (figure?.value == null) return [];
    const text = (value: number | null) => (value === null ? "?" : value.toFixed(3));
    return [
      { name, type, value: text(figure.value), interval: `${text(figure.low)} to ${text(figure.high)}` },
    ];
  });
}

function overview({ config, description, probes }: Assembly): string {
  const heads = probes.map(({ task, mode }) => `${TASKS[task].toLowerCase()} (${mode})`);
  return `Input: an image of a face. Output: ${["an embedding", ...heads].join(", ")}. Backbone: ${description} (${config.backbone}, ${config.imageSize} px, ${config.embeddingSize} features). Method and predictors follow Shu et al., BMVC 2022 (arXiv:2210.03853).`;
}

const use = (): string => `## Use

In Node:

\`\`\`ts
import { openModel, predictFile } from "duchenne/deploy";

const model = await openModel("model"); // this folder
for await (const { faces } of predictFile(model, "selfie.jpg"))
  for (const { box, prediction } of faces) console.log(box, prediction);
\`\`\`

In a browser:

\`\`\`js
import { fetchModel } from "@duchenne/predict";
import * as ort from "onnxruntime-web/wasm";

const model = await fetchModel("/model/", ort); // this folder, as a server provides it
const [face] = await model.predict({ data, width, height, channels: 4 }, [{ box }]); // data: of a canvas
\`\`\`

On the command line: \`duchenne predict video.mp4 --model model\`.`;

function inputsAndOutputs(assembly: Assembly, precision: ExportPrecision): string {
  const { config, preprocessor } = assembly;
  const { faceScale, faceSize, resizeTo, size } = preprocessor;
  const outputs = [`\`embedding\`: [batch, ${config.embeddingSize}]`];
  if (config.heads.includes("expression"))
    outputs.push(`\`expression_logits\`: [batch, ${config.classes.length}], ${config.classes.join(", ")}`);
  if (config.heads.includes("valence_arousal")) outputs.push("`valence_arousal`: [batch, 2], about -1 to 1");
  return `## Inputs and outputs

\`pixel_values\`: float32 [batch, 3, ${size}, ${size}], RGB, normalised with ImageNet's mean and standard deviation. @duchenne/predict prepares it: it crops a square of ${faceScale} times the longer side of the box of the 68 landmarks, resizes the crop to ${faceSize} px (bicubic) and then to ${resizeTo} px (bilinear, antialiased), and takes the centre ${size} px. \`preprocessor_config.json\` has these numbers.

${outputs.map((output) => `- ${output}`).join("\n")}

${outputNotes(assembly)}${storedWeights[precision]} \`model.safetensors\` has the weights in float32, under their PyTorch names.`;
}

const storedWeights: Readonly<Record<ExportPrecision, string>> = {
  float: "`onnx/model_fp16.onnx` has half-precision weights, and the same inputs and outputs.",
  half: "`onnx/model.onnx` has half-precision weights, and computes in float32.",
};

function measured(probe: SavedProbe): string {
  const { task, data, labels, seed, trainImages, classes, recall } = probe;
  const { train, validation, test } = data;
  const rows = figuresOf(probe.figures).map(
    ({ name, value, interval }) => `| ${name} | ${value} | ${interval} |`,
  );
  const recalls = classes?.map((name, i) => `${name} ${recall?.[i]?.toFixed(2) ?? "?"}`) ?? [];
  const inTest = data.duplicates.filter(({ parts }) => parts[1] === "test");
  const duplicates = inTest.reduce((sum, { exact, near }) => sum + exact + near, 0);
  return `## Measured: ${TASKS[task].toLowerCase()}

| figure | value | 95 % interval |
|---|---|---|
${rows.join("\n")}

Measured on ${test.images} test images${shownIn(data.origin, test.persons)}, from a data set in the layout \`${data.dataset}\`; splits: ${data.splitRule}. Trained on ${trainImages} labelled images (${labels}, seed ${seed}) of ${train.images}, ${chosenOn(probe, validation.images)}. Test images with a duplicate in another split: ${duplicates}.${recalls.length > 0 ? ` Recalls: ${recalls.join(", ")}.` : ""}`;
}

/** What the validation images decided. */
function chosenOn({ settings, temperature }: SavedProbe, images: number): string {
  if (settings?.choose !== "last") return `with weights chosen on ${images} others`;
  const calibration =
    temperature === undefined
      ? ""
      : `, whose outputs were calibrated on ${images} others (temperature ${temperature.toFixed(2)})`;
  return `to the last update${calibration}`;
}

/** What is done to the outputs besides the network's own work. */
function outputNotes({ network, probes }: Assembly): string {
  const balance = Math.max(0, ...probes.map(({ settings }) => settings?.balance ?? 0));
  return [
    ...(network.mirrored
      ? ["Outputs are means over the image and its mirror image: the network runs on both."]
      : []),
    ...(balance > 0
      ? [
          `${Math.round(100 * balance)} % of the log of each class's frequency in training is taken off its logit, so that rare classes are found.`,
        ]
      : []),
  ]
    .map((line) => `${line}\n\n`)
    .join("");
}

/** Who is in the test images, as far as that is known. */
function shownIn(origin: DataOrigin | undefined, persons: number): string {
  if (persons === 0) return origin?.people === "drawn" ? " of drawn actors" : "";
  if (origin === undefined) return ` of ${persons} persons`;
  return ` of ${persons} ${origin.people === "drawn" ? "drawn actors" : "known people"}`;
}

function terms({ probes, dataset, origin, earlier }: Assembly): string {
  const termsOf = (name: string, known?: DataOrigin) => known?.licence ?? DATA_TERMS[name] ?? name;
  const data = [...new Set(probes.map((probe) => termsOf(probe.data.dataset, probe.data.origin)))];
  const unlabelled =
    dataset === undefined
      ? "Pre-training: the images are unknown to this card; if there was one, name them and their terms here."
      : `Pre-training, without labels: ${termsOf(dataset, origin)}.`;
  const before = earlier.map((one) =>
    one.dataset === undefined
      ? "A pre-training before: its images are unknown to this card; name them and their terms here."
      : `A pre-training before, without labels: ${termsOf(one.dataset, one.origin)}.`,
  );
  return `## Data and licences

${[...before, unlabelled, ...data.map((line) => `Labels and images: ${line}.`), ...INHERITED_TERMS].map((line) => `- ${line}`).join("\n")}

The weights have no licence of their own until their maker states one here.`;
}

/** What labels are: of drawn actors, nobody rated anything. */
const labelsOf = ({ probes }: Assembly): string =>
  probes.length > 0 && probes.every(({ data }) => data.origin?.people === "drawn")
    ? "The labels are the expressions that actors were drawn with. Nobody rated them, nobody felt them,"
    : "The labels are what raters saw in images, not what people felt,";

const limits = (assembly: Assembly): string => `## Intended use and limits

Intended for research on faces, for art, and for interfaces that people choose to use and can switch off. A face is personal data, and in many places biometric data under special protection: use this model only on people who agreed to it.

${labelsOf(assembly)} and faces do not show feelings in one universal way. The face detector, the landmark model and the data represent some skin tones, ages and cultures far better than others, and the figures above are means that hide this: measure by group on your own people first. Do not judge people with this model: not in hiring, policing, border control, schools or at work.`;
