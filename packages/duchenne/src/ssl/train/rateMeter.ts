export interface Rates {
  readonly imagesPerSecond: number;
  /** Share of the time that went by waiting for data. */
  readonly waitShare: number;
}

/** How fast a run goes. */
export class RateMeter {
  images = 0;
  seconds = 0;
  waitSeconds = 0;

  add(images: number, seconds: number, waitSeconds: number): void {
    this.images += images;
    this.seconds += seconds;
    this.waitSeconds += waitSeconds;
  }

  /** Zeros where nothing was measured. */
  rates(): Rates {
    if (this.seconds === 0) return { imagesPerSecond: 0, waitShare: 0 };
    return { imagesPerSecond: this.images / this.seconds, waitShare: this.waitSeconds / this.seconds };
  }

  reset(): void {
    this.images = this.seconds = this.waitSeconds = 0;
  }
}
