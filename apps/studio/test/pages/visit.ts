/** What tests of a page are given: a studio that runs, and a browser with a camera. */
import type { Browser, Page } from "playwright-core";
import type { Look } from "./browserPages.ts";
import type { StudioFolder } from "./fixture.ts";

/** Known once the tests run, so behind functions. */
export interface Visit {
  readonly made: () => StudioFolder;
  readonly browser: () => Browser;
  /** Opens a page of the studio. @param hash after `#/`, such as "map?by=person" */
  readonly open: (hash: string, look?: Look) => Promise<Page>;
}
