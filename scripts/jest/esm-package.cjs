// Lets jest, which runs CommonJS, load packages that come as ES modules only.
const { transformSync } = require("esbuild");

module.exports = {
  process: (source, filename) =>
    transformSync(source, {
      format: "cjs",
      target: "node20",
      sourcefile: filename,
      sourcemap: "inline",
    }),
};
