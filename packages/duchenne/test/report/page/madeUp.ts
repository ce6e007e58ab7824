import { encodeImage } from "../../../src/data/store/imageCodec.ts";
import { EXPRESSIONS } from "../../../src/lib/expressions.ts";
import { Random } from "../../../src/lib/random.ts";
import { emptyReport, type FacePicture, type ReportData } from "../../../src/report/page/data/reportData.ts";
import { picture } from "../../data/store/synthetic.ts";

const METHODS = ["untrained", "SimCLR", "SSL-FER (full)"] as const;
const PEOPLE = 12;
const POINTS = 240;
const STEPS = 300;

const jpeg = (seed: number): string =>
  `data:image/jpeg;base64,${Buffer.from(encodeImage(picture(48, seed), 48, "jpeg")).toString("base64")}`;

/** A report with every section filled with made-up figures. @param image a face's picture by number */
export function madeUpReport(image: (index: number) => string = jpeg): ReportData {
  const rng = Random.fromSeed("report");
  const face = (index: number): FacePicture => ({
    image: image(index),
    expression: EXPRESSIONS[index % EXPRESSIONS.length]!,
    person: `person${index % 3}`,
  });
  return {
    ...emptyReport(
      "A made-up table",
      "Every section, filled with figures nobody measured.",
      "2030-01-02T03:04:05Z",
    ),
    highlights: [
      { label: "macro F1, 100 labels", value: "49.1 %", detail: "SSL-FER (full)" },
      { label: "the same, SimCLR", value: "41.0 %", detail: "equal images seen" },
      { label: "identity leakage", value: "0.51 ×", detail: "of SimCLR's" },
    ],
    notes: ["3 test images are near duplicates of training images."],
    tables: [resultTable()],
    fewLabels: [fewLabels()],
    curves: [
      curve("Loss", (x, m) => 4 - m - 2 * x),
      curve("Positives ranked first", (x, m) => 0.2 * m + x / 2),
    ],
    confusions: [confusion()],
    valenceArousal: [valenceArousal(rng.fork("plane"))],
    embeddings: [embedding(rng.fork("map"))],
    neighbours: [
      {
        title: "SSL-FER (full)",
        rows: [0, 1, 2].map((q) => ({
          query: face(q),
          neighbours: [0, 8, 3, 16, 9, 5].map((n, i) => ({ ...face(q + n), similarity: 0.9 - i / 20 })),
        })),
      },
    ],
    views: [{ title: "One batch", caption: "Anchor, positive, hard negative.", image: image(40) }],
    failures: [
      {
        title: "SSL-FER (full), frozen",
        faces: [1, 2, 3, 4].map((i) => ({
          image: image(i),
          truth: "fear",
          prediction: "surprise",
          confidence: 0.9,
        })),
      },
    ],
    data: [
      {
        name: "synth",
        role: "pre-training",
        layout: "videoFolder",
        people: 24,
        clips: 48,
        frames: 1584,
        origin: "real",
        licence: "MIT",
      },
    ],
    runs: [
      {
        name: "SSL-FER (full)",
        command: "duchenne pretrain synth.store --method ssl-fer --preset tiny",
        seed: "1",
        seconds: 93,
        versions: { duchenne: "0.1.0" },
        settings: { temperature: 0.1, faceSwap: true, init: null },
      },
    ],
  };
}

function resultTable(): ReportData["tables"][number] {
  return {
    title: "Frozen backbone, synth, 100 labels",
    note: "Mean of three seeds.",
    columns: [
      { name: "F1", better: "higher", unit: "percent" },
      { name: "V-RMSE", better: "lower", unit: "number" },
      { name: "images seen", better: "neither", unit: "count" },
    ],
    rows: METHODS.map((name, m) => ({
      name,
      cells: [
        { value: 0.14 + 0.17 * m, low: 0.12 + 0.17 * m, high: 0.16 + 0.17 * m, reference: 0.575 },
        m === 1 ? null : { value: 0.46 - m / 100 },
        { value: 51_200 },
      ],
    })),
  };
}

function fewLabels(): ReportData["fewLabels"][number] {
  const series = METHODS.map((name, m) => ({
    name,
    points: [100, 400, 3541].map((labels, i) => {
      const value = 0.14 + 0.15 * m + 0.08 * i;
      return { labels, value, low: value - 0.03, high: value + 0.03 };
    }),
  }));
  return { title: "Macro F1, frozen", metric: "macro F1, %", unit: "percent", series };
}

function curve(yLabel: string, y: (x: number, method: number) => number): ReportData["curves"][number] {
  const series = METHODS.map((name, m) => ({
    name,
    points: Array.from({ length: STEPS }, (_, i) => [i, y(i / STEPS, m) + Math.sin(i * 7) / 9] as const),
  }));
  return { title: yLabel, xLabel: "step", yLabel, series };
}

function confusion(): ReportData["confusions"][number] {
  const counts = EXPRESSIONS.map((_, t) => EXPRESSIONS.map((_, p) => (t === p ? 40 : (t * 3 + p) % 7)));
  return { title: "SSL-FER (full), frozen", classes: EXPRESSIONS, counts };
}

function valenceArousal(rng: Random): ReportData["valenceArousal"][number] {
  const points = Array.from({ length: POINTS }, () => {
    const [valence, arousal] = [rng.uniform(-0.9, 0.9), rng.uniform(-0.9, 0.9)];
    const near = (value: number) => Math.tanh(value + rng.normal(0, 0.2));
    return { valence, arousal, predictedValence: near(valence), predictedArousal: near(arousal) };
  });
  return { title: "SSL-FER (full)", points };
}

function embedding(rng: Random): ReportData["embeddings"][number] {
  const points = Array.from({ length: POINTS }, (_, i) => {
    const turn = (2 * Math.PI * (i % 8)) / 8;
    return {
      x: 4 * Math.cos(turn) + rng.normal(),
      y: 4 * Math.sin(turn) + rng.normal(),
      expression: EXPRESSIONS[i % 8]!,
      person: `person${i % PEOPLE}`,
    };
  });
  return { title: "SSL-FER (full)", points };
}
