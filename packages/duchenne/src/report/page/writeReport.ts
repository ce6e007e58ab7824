import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { writeFileAtomically } from "../../lib/files/atomicFolder.ts";
import type { ReportData } from "./data/reportData.ts";
import { renderPage } from "./page.ts";

/** Renders a report and writes it atomically. @param file path to write; its folder is created if necessary */
export function writeReport(file: string, data: ReportData): void {
  const page = renderPage(data);
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomically(file, page);
}
