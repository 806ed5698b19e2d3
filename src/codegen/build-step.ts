/**
 * Runs a build step that takes one argument.
 *
 * @param what names the argument for a person
 */
export function buildStep(what: string, work: (argument: string) => Promise<void>): void {
  const argument = process.argv[2];
  if (argument === undefined) {
    console.error(`Give ${what} as the one argument.`);
    process.exitCode = 2;
    return;
  }
  work(argument).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
