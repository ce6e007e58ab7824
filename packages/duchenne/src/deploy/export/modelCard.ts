/** README.md of a model: front matter for hubs, then what a person should know before using it. */
import { MODEL_FILES } from "@duchenne/predict";
import { packageVersions } from "../../data/store/versions.ts";
import type { SavedProbe } from "../../evaluate/results/savedProbe.ts";
import type { Assembly } from "./assemble.ts";
import { DATA_TERMS, INHERITED_TERMS } from "./terms.ts";

/** Figures as tables name them, and as hubs do. */
const FIGURES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  macroF1: ["macro F1", "f1"],
  accuracy: ["accuracy", "accuracy"],
  valenceCcc: ["valence CCC", "ccc"],
  valenceRmse: ["valence RMSE", "rmse"],
  arousalCcc: ["arousal CCC", "ccc"],
  arousalRmse: ["arousal RMSE", "rmse"],
};

const TASKS = { expression: "Facial expression recognition", va: "Valence and arousal estimation" } as const;

/** @param name of the model */
export function modelCard(name: string, assembly: Assembly): string {
  const sections = [
    frontMatter(name, assembly),
    `# ${name}`,
    whatItIs(assembly),
    use(),
    inputsAndOutputs(assembly),
    ...assembly.probes.map(measured),
    terms(assembly),
    LIMITS,
    `Made with duchenne ${packageVersions().duchenne}.`,
  ];
  return `${sections.join("\n\n")}\n`;
}

/** YAML; a JSON string is one of YAML's. */
function frontMatter(name: string, { probes }: Assembly): string {
  const lines = [
    "---",
    "license: other",
    "license_name: see-below",
    "library_name: onnx",
    `pipeline_tag: ${probes.some(({ task }) => task === "expression") ? "image-classification" : "image-feature-extraction"}`,
    "tags: [duchenne, facial-expression-recognition, valence-arousal, self-supervised, onnx]",
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

function whatItIs({ config, description, probes }: Assembly): string {
  const says = probes.map(({ task, mode }) => `${TASKS[task].toLowerCase()} (${mode})`);
  return `A face in, ${["an embedding", ...says].join(", ")} out. Backbone: ${description} (${config.backbone}, ${config.imageSize} px, ${config.embeddingSize} numbers). Method and predictors follow Shu et al., BMVC 2022 (arXiv:2210.03853).`;
}

const use = (): string => `## Use

\`\`\`ts
import { readFile } from "node:fs/promises";
import { loadModel } from "@duchenne/predict";
import * as ort from "onnxruntime-node"; // in a browser: fetchModel("model/", ort) with onnxruntime-web

const json = async (file: string) => JSON.parse(await readFile(file, "utf8"));
const model = await loadModel(
  { config: await json("${MODEL_FILES.config}"), preprocessor: await json("${MODEL_FILES.preprocessor}"), onnx: "${MODEL_FILES.onnx}" },
  ort,
);
const [face] = await model.predict({ data, width, height, channels: 3 }, [{ box: { left, top, width: w, height: h } }]);
\`\`\`

On the command line: \`duchenne predict film.mp4 --model <this folder>\`.`;

function inputsAndOutputs({ config, preprocessor }: Assembly): string {
  const { faceScale, faceSize, resizeTo, size } = preprocessor;
  const outputs = [`\`embedding\` [batch, ${config.embeddingSize}]`];
  if (config.heads.includes("expression"))
    outputs.push(`\`expression_logits\` [batch, ${config.classes.length}]: ${config.classes.join(", ")}`);
  if (config.heads.includes("valence_arousal")) outputs.push("`valence_arousal` [batch, 2], about -1 to 1");
  return `## Inputs and outputs

\`pixel_values\` float32 [batch, 3, ${size}, ${size}], RGB, normalised by ImageNet's mean and deviation. The face is cut out as a square of ${faceScale} times the longer side of its 68 landmarks' box, resized to ${faceSize} px (bicubic), then ${resizeTo} px (bilinear, antialiased), of which the middle ${size} px are taken; \`preprocessor_config.json\` has the numbers, and @duchenne/predict does it.

${outputs.map((output) => `- ${output}`).join("\n")}

\`onnx/model_fp16.onnx\` has weights of half precision and the same inputs and outputs. \`model.safetensors\` has the weights by torchvision's names.`;
}

function measured(probe: SavedProbe): string {
  const { task, data, labels, seed, trainImages, classes, recall } = probe;
  const { train, validation, test } = data;
  const rows = figuresOf(probe.figures).map(
    ({ name, value, interval }) => `| ${name} | ${value} | ${interval} |`,
  );
  const found = classes?.map((name, i) => `${name} ${recall?.[i]?.toFixed(2) ?? "?"}`) ?? [];
  const overlaps = data.duplicates.filter(({ parts }) => parts[1] === "test");
  const doubles = overlaps.reduce((sum, { exact, near }) => sum + exact + near, 0);
  return `## Measured: ${TASKS[task].toLowerCase()}

| figure | value | 95 % interval |
|---|---|---|
${rows.join("\n")}

On ${test.images} test images of ${test.persons} known people of a data set in the layout \`${data.dataset}\`; splits: ${data.splitRule}. Learned from ${trainImages} labelled images (${labels}, seed ${seed}) of ${train.images}, chosen by ${validation.images} others. Test images with a duplicate in another split: ${doubles}.${found.length > 0 ? ` Share found of each class: ${found.join(", ")}.` : ""}`;
}

function terms({ probes, dataset }: Assembly): string {
  const termsOf = (name: string) => DATA_TERMS[name] ?? name;
  const data = [...new Set(probes.map((probe) => termsOf(probe.data.dataset)))];
  const unlabelled =
    dataset === undefined
      ? "Pre-training: nothing here says on which pictures; where there was one, say it and their terms here."
      : `Pre-training, without labels: ${termsOf(dataset)}.`;
  return `## Data and licences

${[unlabelled, ...data.map((line) => `Labels and pictures: ${line}.`), ...INHERITED_TERMS].map((line) => `- ${line}`).join("\n")}

The weights carry no licence of their own until their maker gives one here.`;
}

const LIMITS = `## Intended use and limits

For research on faces, for art, for interfaces that people chose to use and can switch off. A face is personal data, in many places biometric data under special protection: look only at people who agreed to it.

The labels are what raters saw in pictures, not what people felt, and faces do not show feelings in one universal way. The face detector, the landmark model and the data know some skin tones, ages and cultures far better than others, and the figures above are means that hide it: measure by group on your own people first. Do not judge people with this: not for hiring, policing, at borders, in schools or at work.`;
