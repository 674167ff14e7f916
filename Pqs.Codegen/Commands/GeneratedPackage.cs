using System.Collections.Immutable;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Scriban.Runtime;

namespace Pqs.Codegen.Commands;

/// <summary>All files that a user gets: sources, manifest, and build files on request.</summary>
internal static class GeneratedPackage
{
    public static ImmutableArray<GeneratedFile> Create(ExecutionPlan plan, Target target, string prefix, bool withCMake) =>
    [
        .. CodeEmitter.Emit(plan, prefix, target.StackBytes),
        new GeneratedFile(prefix + ".json", Manifest(plan, target, prefix)),
        .. withCMake ? [CMake(plan, prefix)] : ImmutableArray<GeneratedFile>.Empty,
    ];

    private static string Manifest(ExecutionPlan plan, Target target, string prefix) => JsonOutput.Format(writer =>
    {
        writer.WriteString("name", prefix);
        writer.WriteString("generator", $"pqs {Installation.Version}");
        writer.WriteString("target", target.Name);
        if (target.StackBytes is { } stackBytes)
        {
            writer.WriteNumber("stackBytes", stackBytes);
        }

        writer.WriteStartArray("sources");
        foreach (var name in CodeEmitter.Compiled(plan, prefix))
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();

        PlanJson.Write(writer, plan);
    });

    private static GeneratedFile CMake(ExecutionPlan plan, string prefix) => new(
        "CMakeLists.txt",
        TemplateRenderer.Render(
            Installation.Template("CMakeLists.txt.scriban"),
            new ScriptObject
            {
                ["prefix"] = prefix,
                ["version"] = Installation.Version,
                ["kernels"] = new ScriptArray(KernelLibrary.Compiled(plan)),
            }));
}
