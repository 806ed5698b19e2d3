// The tests that start the built provider, on the executable of dist/release for this machine.
process.env.POLYAI_PROVIDER_RUNTIME = "executable";

module.exports = { ...require("../../jest.config.js"), rootDir: __dirname };
