import { defineConfig } from "vite";

export default defineConfig({
  // Packages of this repository as sources; onnxruntime's WebAssembly as a file, not inside its module.
  resolve: {
    conditions: ["source", "onnxruntime-web-use-extern-wasm", "module", "browser", "import", "default"],
  },
  worker: { format: "es" },
  build: {
    target: "es2022",
    // Nothing inside the page itself: its content security policy loads files only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
  },
});
