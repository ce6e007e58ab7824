// What npm runs after unpacking. It never fails: what is not built now, the first use builds.
try {
  const { buildAtInstall } = await import("@duchenne/addon");
  const { torchAddon } = await import("./addon.mjs");
  buildAtInstall(torchAddon);
} catch (error) {
  console.error(`@duchenne/torch: not built now; the first use builds it. ${error}`);
}
process.exitCode = 0;
