using System.Collections.Immutable;
using Pqs.Codegen.Rendering;

namespace Pqs.Codegen.Emission;

/// <summary>
/// The kernel library as two files, <c>pqs_kernels.h</c> and <c>pqs_kernels.c</c>, the same for every model, so that one copy serves all models of
/// an image. The second joins the internal headers, the one that all others include first, and the kernels: one file each in templates/kernels, in
/// ordinal order.
/// </summary>
internal static class KernelLibrary
{
    private const string Header = "pqs_kernels.h";
    private const string Internal = "pqs_internal.h";
    private const string License = "/* SPDX-License-Identifier: MIT-0 */";

    public static ImmutableArray<GeneratedFile> Files()
    {
        var folder = Installation.KernelsFolder;
        var headers = Directory.EnumerateFiles(folder, "*.h").Where(path => Path.GetFileName(path) is not (Header or Internal)).Order(StringComparer.Ordinal);
        var sources = Directory.EnumerateFiles(folder, "*.c").Order(StringComparer.Ordinal);
        var parts = headers.Concat(sources).Prepend(Path.Combine(folder, Internal)).Select(Body);
        return
        [
            new GeneratedFile(Header, File.ReadAllText(Path.Combine(folder, Header))),
            new GeneratedFile("pqs_kernels.c", $"{License}\n#include \"{Header}\"\n\n{string.Join('\n', parts)}"),
        ];
    }

    /// <summary>A source without its licence line and its includes of the library's own headers.</summary>
    private static string Body(string path)
    {
        var lines = File.ReadAllLines(path).Where(line => line != License && !line.StartsWith("#include \"pqs_", StringComparison.Ordinal));
        return string.Join('\n', lines).Trim('\n') + "\n";
    }
}
