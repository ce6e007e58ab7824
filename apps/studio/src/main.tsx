import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/newsreader/index.css";
import "@fontsource-variable/newsreader/wght-italic.css";
import "uplot/dist/uPlot.min.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/controls.css";
import "./style/runs.css";
import "./style/batch.css";
import "./style/map.css";
import "./style/mirror.css";
import "./style/results.css";
import { render } from "preact";
import { App } from "./app/App.tsx";
import { applyTheme } from "./shell/theme.ts";

applyTheme();
render(<App />, document.getElementById("app")!);
