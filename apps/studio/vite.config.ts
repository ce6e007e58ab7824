import { defineConfig } from "vite";

export default defineConfig({
  resolve: { conditions: ["source", "module", "browser", "import", "default"] },
  build: {
    target: "es2022",
    // Nothing inside the page itself: its content security policy loads files only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
  },
});
