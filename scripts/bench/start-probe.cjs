// Preloaded into the provider (node --require) by start-budget.mjs: when SIGUSR2 comes, writes what
// the process has loaded so far to the file that START_PROBE names.
const { renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const vm = require("node:vm");

const file = process.env.START_PROBE;
const ofNode = new Set(process.moduleLoadList);
const sources = [];

const { _compile } = Module.prototype;
Module.prototype._compile = function (source, ...rest) {
  sources.push(source);
  return _compile.call(this, source, ...rest);
};
const { Script, compileFunction } = vm;
vm.Script = class extends Script {
  constructor(source, options) {
    sources.push(source);
    super(source, options);
  }
};
vm.compileFunction = (source, ...rest) => {
  sources.push(source);
  return compileFunction(source, ...rest);
};

process.on("SIGUSR2", () => {
  const { user, system } = process.cpuUsage();
  const loaded = process.moduleLoadList.filter((entry) => !ofNode.has(entry));
  writeFileSync(`${file}.draft`, JSON.stringify({ loaded, sources, cpu: (user + system) / 1000 }));
  renameSync(`${file}.draft`, file);
});
