import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { writeFileAtomically } from "../../lib/files/atomicFolder.ts";
import type { ReportData } from "./data/reportData.ts";
import { renderPage } from "./page.ts";

/** Writes the page, whole or not at all. @param file its folder is made where it is missing */
export function writeReport(file: string, data: ReportData): void {
  const page = renderPage(data);
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomically(file, page);
}
