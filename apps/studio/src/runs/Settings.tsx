import type { RunEntry } from "duchenne/studio";
import { useState } from "preact/hooks";
import { runColour } from "./colours.ts";

/** A setting as the command line has it: `warmupSteps` is `--warmup-steps`. */
const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

type Setting = { key: string; values: string[]; differs: boolean };

/** Settings of the runs chosen beside each other, those that differ first in sight. */
export function Settings({ runs }: { readonly runs: readonly RunEntry[] }) {
  const [showsAll, setShowsAll] = useState(false);
  const settings = settingsOf(runs);
  const differing = settings.filter(({ differs }) => differs);
  const shown = showsAll ? settings : differing;
  return (
    <section aria-label="Settings">
      <header class="bar">
        <h2>Settings</h2>
        <label class="check">
          <input type="checkbox" checked={showsAll} onChange={() => setShowsAll(!showsAll)} />
          also what is the same
        </label>
      </header>
      {shown.length === 0 ? (
        <p class="muted">
          {runs.length > 1
            ? "These runs have the same settings."
            : "Choose a second run to see what differs."}
        </p>
      ) : (
        <SettingsTable runs={runs} settings={shown} />
      )}
      {runs.map(({ id, name, command, notices }) => (
        <div key={id} class="provenance">
          <h3>{name}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
          <pre tabIndex={0}>
            <code>{command || "a library call"}</code>
          </pre>
          {notices.map((notice) => (
            <p key={notice} class="muted">
              {notice}
            </p>
          ))}
        </div>
      ))}
    </section>
  );
}

function settingsOf(runs: readonly RunEntry[]): Setting[] {
  const keys = Object.keys(runs[0]?.config ?? {});
  return keys.map((key) => {
    const values = runs.map(({ config }) => valueText(config[key] ?? null));
    return { key: flagOf(key), values, differs: new Set(values).size > 1 };
  });
}

function valueText(value: string | number | boolean | null): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return value === null ? "–" : String(value);
}

interface SettingsTableProps {
  readonly runs: readonly RunEntry[];
  readonly settings: readonly Setting[];
}

function SettingsTable({ runs, settings }: SettingsTableProps) {
  return (
    <div class="scroll">
      <table class="settings">
        <thead>
          <tr>
            <th scope="col">setting</th>
            {runs.map(({ id, name }) => (
              <th key={id} scope="col">
                <i class="dot" style={{ background: runColour(id) }} />
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {settings.map(({ key, values, differs }) => (
            <tr key={key} class={differs ? "differs" : undefined}>
              <th scope="row">{key}</th>
              {values.map((value, i) => (
                <td key={runs[i]!.id}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
