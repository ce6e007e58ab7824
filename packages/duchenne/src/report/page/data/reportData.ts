/** Content of a report as plain JSON: collect.ts collects it, and page.ts renders it. */
import type { Expression } from "../../../lib/expressions.ts";

/** Everything a page can show. Each list may be empty; its section is then left out. */
export interface ReportData {
  readonly title: string;
  /** One or two sentences under the title. */
  readonly summary: string;
  /** When the report was made, ISO 8601. */
  readonly madeAt: string;
  /** Figures at the top of the page. */
  readonly highlights: readonly Highlight[];
  readonly tables: readonly ResultTable[];
  readonly fewLabels: readonly FewLabelPlot[];
  readonly curves: readonly CurvePlot[];
  readonly confusions: readonly ConfusionCounts[];
  readonly valenceArousal: readonly ValenceArousal[];
  readonly embeddings: readonly EmbeddingMap[];
  readonly neighbours: readonly NeighbourTable[];
  readonly views: readonly Picture[];
  readonly failures: readonly FailureList[];
  readonly data: readonly DataFacts[];
  readonly runs: readonly RunFacts[];
  /** Limits of the results: duplicates, skipped rows, departures from the paper. */
  readonly notes: readonly string[];
}

/** A figure at the top of the page. */
export interface Highlight {
  readonly label: string;
  readonly value: string;
  readonly detail: string;
}

/** A measured value with its confidence interval, and a published one to compare it with. */
export interface TableCell {
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly reference?: number | undefined;
}

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** Which values are better; the best one of a column is marked. */
  readonly better: "higher" | "lower" | "neither";
  /** "percent" shows 0.575 as 57.5; "number" as .575; "count" as a whole number. */
  readonly unit: "percent" | "number" | "count";
}

/** A table of results. */
export interface ResultTable {
  readonly title: string;
  readonly note: string;
  /** Whether too few people were tested for a figure to stand for others: zeros are not shown, and nothing is marked. */
  readonly isTooSmall?: boolean;
  /** Whether the figures are others', without intervals: nothing is marked. */
  readonly isPublished?: boolean;
  readonly columns: readonly Column[];
  /** Cells in the columns' order; null if nothing was measured. */
  readonly rows: readonly { readonly name: string; readonly cells: readonly (TableCell | null)[] }[];
}

/** A metric against the number of labels. */
export interface FewLabelPlot {
  readonly title: string;
  readonly metric: string;
  readonly unit: Column["unit"];
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (TableCell & { readonly labels: number })[];
  }[];
}

/** A quantity logged during a run. */
export interface CurvePlot {
  readonly title: string;
  /** What a reader must know before comparing the lines. */
  readonly warning?: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

/** A confusion matrix. */
export interface ConfusionCounts {
  readonly title: string;
  readonly classes: readonly string[];
  /** counts[truth][prediction]. */
  readonly counts: readonly (readonly number[])[];
}

/** Truth and prediction of faces; all in [-1, 1]. */
export interface ValenceArousal {
  readonly title: string;
  readonly points: readonly {
    readonly valence: number;
    readonly arousal: number;
    readonly predictedValence: number;
    readonly predictedArousal: number;
  }[];
}

/** Embeddings projected to a plane. */
export interface EmbeddingMap {
  readonly title: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly expression: Expression | null;
    readonly person: string | null;
  }[];
}

/** A face with its labels. */
export interface FacePicture {
  /** JPEG as a data URI. */
  readonly image: string;
  readonly expression: string | null;
  readonly person: string | null;
}

/** Query faces with their nearest neighbours. */
export interface NeighbourTable {
  readonly title: string;
  readonly rows: readonly {
    readonly query: FacePicture;
    readonly neighbours: readonly (FacePicture & { readonly similarity: number })[];
  }[];
}

/** A picture with a caption. */
export interface Picture {
  readonly title: string;
  readonly caption: string;
  /** PNG or JPEG as a data URI. */
  readonly image: string;
}

/** Wrong predictions with the highest confidence. */
export interface FailureList {
  readonly title: string;
  readonly faces: readonly {
    readonly image: string;
    readonly truth: string;
    readonly prediction: string;
    /** Probability given to the prediction; absent for valence and arousal. */
    readonly confidence?: number | undefined;
  }[];
}

/** A store, its content and its terms. */
export interface DataFacts {
  readonly name: string;
  readonly role: string;
  readonly layout: string;
  readonly people: number;
  /** Whether its faces are of drawn actors or of real people. */
  readonly origin: "drawn" | "real" | "unknown";
  readonly clips: number;
  readonly frames: number;
  /** Terms of use of the images and of what found the faces in them. */
  readonly licence: string;
}

/** How a run was made. */
export interface RunFacts {
  readonly name: string;
  readonly command: string;
  readonly seed: string;
  readonly seconds: number | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
}

/** An empty report. */
export function emptyReport(title: string, summary: string, madeAt: string): ReportData {
  return {
    title,
    summary,
    madeAt,
    highlights: [],
    tables: [],
    fewLabels: [],
    curves: [],
    confusions: [],
    valenceArousal: [],
    embeddings: [],
    neighbours: [],
    views: [],
    failures: [],
    data: [],
    runs: [],
    notes: [],
  };
}
