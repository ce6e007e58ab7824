import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { BatchPage } from "../batch/BatchPage.tsx";
import { MapPage } from "../map/MapPage.tsx";
import mark from "../mark.svg";
import { MirrorPage } from "../mirror/MirrorPage.tsx";
import { ResultsPage } from "../results/ResultsPage.tsx";
import { RunsPage } from "../runs/RunsPage.tsx";
import { LibraryContext, NOTHING_YET, useLibraryFromServer } from "../server/library.ts";
import { Help } from "../shell/Help.tsx";
import { Icon } from "../shell/Icon.tsx";
import { hrefOf, PAGES, type PageName, returnTo, useRoute } from "../shell/route.ts";
import { chooseTheme, useTheme } from "../shell/theme.ts";

const TITLES: Readonly<Record<PageName, string>> = {
  runs: "Runs",
  batch: "Batch",
  map: "Map",
  mirror: "Mirror",
  results: "Results",
};
const VIEWS = {
  runs: RunsPage,
  batch: BatchPage,
  map: MapPage,
  mirror: MirrorPage,
  results: ResultsPage,
} as const;

export function App() {
  const { page } = useRoute();
  const { value: library, error } = useLibraryFromServer();
  const [isHelpOpen, setHelpOpen] = useState(false);
  useEffect(() => {
    document.title = `${TITLES[page]} · duchenne studio`;
  }, [page]);
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") setHelpOpen(true);
      const chosen = PAGES[Number(event.key) - 1];
      if (chosen) location.hash = returnTo(chosen);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  const View = VIEWS[page];
  return (
    <LibraryContext.Provider value={library ?? NOTHING_YET}>
      <button type="button" class="skip" onClick={() => document.getElementById("main")!.focus()}>
        Skip to the page
      </button>
      <Header page={page} onHelp={() => setHelpOpen(true)} />
      {error && (
        <p class="alarm" role="alert">
          {error.message}
        </p>
      )}
      <main id="main" tabIndex={-1}>
        {library && <View />}
      </main>
      {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </LibraryContext.Provider>
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches("input:not([type=range], [type=checkbox]), textarea, select");

function Header({ page, onHelp }: { readonly page: PageName; readonly onHelp: () => void }) {
  const other = useTheme() === "dark" ? "light" : "dark";
  return (
    <header class="top">
      <a class="brand" href={hrefOf("runs")}>
        <img src={mark} alt="" width="26" height="26" />
        duchenne <span>studio</span>
      </a>
      <nav aria-label="Pages">
        {PAGES.map((name) => (
          <a key={name} href={returnTo(name)} aria-current={name === page ? "page" : undefined}>
            <Icon name={name} />
            {TITLES[name]}
          </a>
        ))}
      </nav>
      <div class="tools">
        <button
          type="button"
          class="round"
          aria-label={`Use the ${other} theme`}
          onClick={() => chooseTheme(other)}
        >
          <Icon name={other} />
        </button>
        <button type="button" class="round" aria-label="Help" onClick={onHelp}>
          <Icon name="help" />
        </button>
      </div>
    </header>
  );
}
