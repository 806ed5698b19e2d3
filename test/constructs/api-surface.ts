/** The exports of a build, out of its .d.ts files, with neither comments nor private members. */
import * as ts from "typescript";

export interface Export {
  readonly name: string;
  /** Its declarations; two where a class and an interface are merged. */
  readonly text: string;
  /** Made by the CDK's generator. */
  readonly isGenerated: boolean;
}

/** @param file an index.d.ts */
export function exportsOf(file: string): readonly Export[] {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    noLib: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  // The package's own files only: the CDK's are many, and are not its surface.
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(({ text }) =>
      text.startsWith(".")
        ? ts.resolveModuleName(text, containing, options, host)
        : { resolvedModule: undefined },
    );
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const index = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  return checker
    .getExportsOfModule(index)
    .map((symbol) => {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const declarations = real.declarations ?? [];
      return {
        name: symbol.name,
        text: declarations.map(print).join("\n"),
        isGenerated: declarations.some((each) =>
          each.getSourceFile().fileName.includes("/bindings/"),
        ),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const printer = ts.createPrinter({ removeComments: true });

const print = (declaration: ts.Declaration): string =>
  printer
    .printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile())
    .replace(/^ +(?:private |#).*\n/gm, "");
