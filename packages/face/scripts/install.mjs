// What npm runs after unpacking. It never fails: what is not built now, the first use builds.
try {
  const { buildAtInstall } = await import("@duchenne/addon");
  const { faceAddon } = await import("./addon.mjs");
  buildAtInstall(faceAddon);
} catch (error) {
  console.error(`@duchenne/face: not built now; the first use builds it. ${error}`);
}
process.exitCode = 0;
