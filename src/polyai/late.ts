// Modules that take long to load and that not every run needs. A bundle has import() only as a
// split into files, hence require().
/* eslint-disable @typescript-eslint/no-require-imports */

/** axios and all that needs it, for the first call. */
export const loadCall = (): typeof import("./call.js") =>
  require("./call.js") as typeof import("./call.js");

/** For machines behind a proxy. */
export const loadProxy = (): typeof import("./proxy.js") =>
  require("./proxy.js") as typeof import("./proxy.js");
