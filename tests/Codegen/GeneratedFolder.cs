using System.Collections.Immutable;
using Pqs.Codegen.Commands;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>Generated models in folders, as a user has them.</summary>
internal sealed class GeneratedFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>The files of a model, all that <c>pqs generate --package cmake</c> gives, in a subfolder or in the folder itself.</summary>
    public ExecutionPlan Add(Graph graph, string prefix, string subfolder = "")
    {
        var plan = ModelBatch.Plan(graph);
        var target = TargetCatalog.Load(Installation.TargetsFolder, "cortex-m4", new DiagnosticBag())!;
        foreach (var file in GeneratedPackage.Create(plan, target, prefix, withCMake: true))
        {
            _folder.Write(System.IO.Path.Combine(subfolder, file.Name), file.Text);
        }

        return plan;
    }

    /// <summary>All files of the kernel library, of which models have those that they need.</summary>
    public void AddLibrary()
    {
        foreach (var file in KernelLibrary.Files())
        {
            _folder.Write(file.Name, file.Text);
        }
    }

    /// <summary>Names of the C files in the folder itself.</summary>
    public ImmutableArray<string> CFiles =>
        [.. Directory.EnumerateFiles(Path, "*.c").Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>Runs a program in the folder, which must succeed.</summary>
    public string Run(string tool, params ImmutableArray<string> arguments) => ToolCall.Succeed(Path, tool, arguments);

    public void Dispose() => _folder.Dispose();
}
