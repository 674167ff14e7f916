using System.Collections.Immutable;
using System.Globalization;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Toolchain;

/// <summary>Compiles sources to objects, several at a time.</summary>
internal static class Compilation
{
    /// <summary>The objects in the order of the sources; null when any source does not compile.</summary>
    public static async Task<ImmutableArray<ObjectFile>?> CompileAsync(
        BuildRequest request,
        string compiler,
        ImmutableArray<string> sources,
        ImmutableArray<string> flags,
        DiagnosticBag diagnostics,
        CancellationToken cancellation)
    {
        var place = request.Target.Name;
        if (ToolLocator.Find(compiler) is not { } path)
        {
            ToolRun.ReportMissing(compiler, place, diagnostics);
            return null;
        }

        // The number keeps sources of one name in different folders apart.
        ImmutableArray<ObjectFile> objects =
        [
            .. sources.Select((source, index) => new ObjectFile(
                source, string.Create(CultureInfo.InvariantCulture, $"{index:D2}-{Path.GetFileNameWithoutExtension(source)}.o"))),
        ];
        ImmutableArray<string> code = [.. CompilerFlags.Common, .. request.Target.Flags, .. flags];
        ImmutableArray<string> common =
        [
            .. code,
            .. request.IncludeFolders.Select(folder => "-I" + Path.GetFullPath(folder)),
            .. request.Definitions.Select(definition => "-D" + definition),
        ];
        var results = new ProcessResult[objects.Length];
        await Parallel.ForAsync(
            0,
            objects.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation },
            async (index, token) => results[index] = await CompileAsync(objects[index], token).ConfigureAwait(false)).ConfigureAwait(false);

        var succeeded = true;
        foreach (var (result, file) in results.Zip(objects))
        {
            if (result.Succeeded)
            {
                continue;
            }

            succeeded = false;
            if (!ToolRun.ReportUnusable(compiler, result, place, diagnostics))
            {
                diagnostics.Report(
                    DiagnosticDescriptors.CompilationFailed, place, compiler, Path.GetFileName(file.Source), ToolRun.FirstLines(result));
            }
        }

        return succeeded ? objects : null;

        async Task<ProcessResult> CompileAsync(ObjectFile file, CancellationToken token)
        {
            var source = Path.GetFullPath(file.Source);
            var preprocessed = ObjectCache.Takes(source) ? await RunAsync([.. common, "-E", "-P", source], token).ConfigureAwait(false) : null;

            // The beginning alone is the same in many sources.
            var cached = preprocessed is { Succeeded: true, IsComplete: true } ? ObjectCache.PathOf(path, code, preprocessed.StandardOutput) : null;
            var target = Path.Combine(request.OutputFolder, file.Name);

            // Firmware needs the call graph too, which the compiler writes beside the object.
            ImmutableArray<string> kinds = request.Target.IsHost ? [".o"] : [".o", ".ci"];
            if (cached != null && kinds.All(kind => ObjectCache.TryTake(Path.ChangeExtension(cached, kind), Path.ChangeExtension(target, kind))))
            {
                return preprocessed!;
            }

            var result = await RunAsync([.. common, "-c", "-o", file.Name, source], token).ConfigureAwait(false);
            if (cached != null && result.Succeeded)
            {
                foreach (var kind in kinds)
                {
                    ObjectCache.Keep(Path.ChangeExtension(cached, kind), Path.ChangeExtension(target, kind));
                }
            }

            return result;
        }

        Task<ProcessResult> RunAsync(ImmutableArray<string> arguments, CancellationToken token) =>
            ToolRun.RunAsync(path, arguments, request.OutputFolder, token);
    }
}
