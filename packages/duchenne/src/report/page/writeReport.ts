import { dirname } from "node:path";
import { writeFileAtomically } from "../../lib/files/atomicFolder.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import type { ReportData } from "./data/reportData.ts";
import { renderPage } from "./page.ts";

/** Renders a report and writes it atomically. @param file path to write; its folder is created if necessary */
export function writeReport(file: string, data: ReportData): void {
  const page = renderPage(data);
  makeFolder(dirname(file));
  writeFileAtomically(file, page);
}
