using System.Collections.Immutable;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Scriban.Runtime;

namespace Pqs.Codegen.Emission;

/// <summary>
/// Writes a plan as C: <c>m.h</c>, <c>m.c</c>, <c>m_weights.h</c>, <c>m_weights.c</c> and what they need of the kernel library. Every number comes from the plan; templates
/// decide the layout only. The same plan and version give the same bytes.
/// </summary>
public static class CodeEmitter
{
    /// <param name="plan">A verified plan.</param>
    /// <param name="prefix">Prefix of files and identifiers (<see cref="CIdentifier.IsValidPrefix"/>).</param>
    /// <param name="stackBytes">Bound of the stack that a call needs on the target, or null where none is known.</param>
    public static ImmutableArray<GeneratedFile> Emit(ExecutionPlan plan, string prefix, int? stackBytes)
    {
        var names = new ModelNames(prefix);
        var model = Model(plan, names, stackBytes);
        return
        [
            new GeneratedFile(prefix + ".h", TemplateRenderer.Render(Installation.Template("model.h.scriban"), model)),
            new GeneratedFile(prefix + ".c", TemplateRenderer.Render(Installation.Template("model.c.scriban"), model)),
            new GeneratedFile(prefix + "_weights.h", TemplateRenderer.Render(Installation.Template("weights.h.scriban"), model)),
            new GeneratedFile(prefix + "_weights.c", TemplateRenderer.Render(Installation.Template("weights.c.scriban"), model)),
            .. KernelLibrary.Files(plan),
        ];
    }

    /// <summary>Names of the C files of <see cref="Emit"/>: what is to be compiled.</summary>
    public static ImmutableArray<string> Compiled(ExecutionPlan plan, string prefix) => [prefix + ".c", prefix + "_weights.c", .. KernelLibrary.Compiled(plan)];

    /// <summary>The header by which the verification program knows a model.</summary>
    public static GeneratedFile EmitHarness(ExecutionPlan plan, string prefix) =>
        new("harness_model.h", TemplateRenderer.Render(Installation.Template("harness_model.h.scriban"), Model(plan, new ModelNames(prefix), null)));

    private static ScriptObject Model(ExecutionPlan plan, ModelNames names, int? stackBytes)
    {
        var (graph, text) = (plan.Graph, new LayerText(plan, names));
        return new ScriptObject
        {
            ["version"] = Installation.Version,
            ["prefix"] = names.Prefix,
            ["upper"] = names.Upper,
            ["source_name"] = CIdentifier.Comment(graph.Name),
            ["source_hash"] = graph.SourceHash,
            ["arena_size"] = plan.Arena.Size,
            ["arena_alignment"] = ArenaLayout.Alignment,
            ["weights_size"] = plan.TableBytes,
            ["stack_size"] = stackBytes,
            ["input_bytes"] = graph.InputBytes,
            ["output_bytes"] = graph.OutputBytes,
            ["inputs"] = new ScriptArray(graph.Inputs.Select((id, index) => TensorMacros.Model(graph.Tensors[id], index))),
            ["outputs"] = new ScriptArray(graph.Outputs.Select((id, index) => TensorMacros.Model(graph.Tensors[id], index))),
            ["layers"] = new ScriptArray(plan.Steps.Select((step, position) => new ScriptObject
            {
                ["comment"] = text.Comment(position),
                ["parameters"] = step.Call == null ? "" : text.Parameters(position),
                ["statement"] = text.Statement(position),
                ["hook"] = text.Hook(position),
            })),
            ["uses_arena"] = plan.Assignment.Buffers.Any(buffer => buffer.IsInArena),
            ["uses_memcpy"] = Enumerable.Range(0, plan.Steps.Length).Any(step => text.Statement(step).StartsWith("memcpy", StringComparison.Ordinal)),
            ["weight_declarations"] = WeightsWriter.Declarations(plan, names),
            ["weight_definitions"] = WeightsWriter.Definitions(plan, names),
        };
    }
}
