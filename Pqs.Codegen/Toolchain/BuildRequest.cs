using System.Collections.Immutable;
using Pqs.Codegen.Targets;

namespace Pqs.Codegen.Toolchain;

/// <summary>A program to build.</summary>
/// <param name="Target">What for.</param>
/// <param name="Sources">Paths of the C files; for firmware without the start-up code, which comes from the target.</param>
/// <param name="IncludeFolders">Where their headers are.</param>
/// <param name="Definitions">Macros, each "NAME" or "NAME=VALUE", just as after -D.</param>
/// <param name="OutputFolder">Where objects and the program go; made when missing. Files of an earlier build in it are overwritten.</param>
public sealed record BuildRequest(
    Target Target,
    ImmutableArray<string> Sources,
    ImmutableArray<string> IncludeFolders,
    ImmutableArray<string> Definitions,
    string OutputFolder);
