import { EventWriter } from "./eventWriter.ts";
import { MetricsLog } from "./metricsLog.ts";
import { metricsOf } from "./runRecord.ts";

/** What a run writes as it goes: metrics.jsonl and TensorBoard's events, the same figures in both. */
export class RunLog {
  readonly #metrics: MetricsLog;
  readonly #events: EventWriter;

  /** @param startStep updates done before */
  constructor(runFolder: string, startStep: number) {
    this.#metrics = new MetricsLog(metricsOf(runFolder));
    this.#events = new EventWriter(runFolder, startStep);
  }

  /** Adds a line with the time, seconds since 1970. @param step updates done   @param figures by name */
  write(step: number, figures: Readonly<Record<string, number>>): void {
    this.#metrics.append({ step, wallTime: Date.now() / 1000, ...figures });
    const tags = Object.entries(figures).map(([name, value]) => [`train/${name}`, value]);
    this.#events.scalars(step, Object.fromEntries(tags));
  }

  sync(): void {
    this.#metrics.sync();
  }

  close(): void {
    this.#metrics.close();
    this.#events.close();
  }
}
