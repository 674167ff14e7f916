using System.Collections.Immutable;
using System.CommandLine;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Plan;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>The arguments and options that several commands share, and what they are turned into.</summary>
internal static class ModelArgument
{
    public static Argument<string> Model() => new("model")
    {
        Description = "An int8 TensorFlow Lite model (.tflite).",
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "Write JSON for programs instead of text for people.",
    };

    public static Option<string?> Inputs() => new("--inputs")
    {
        Description = "Samples: .npy (int8) or .bin (raw int8, one sample after another).",
    };

    public static Option<string?> Name() => new("--name")
    {
        Description = "Prefix of generated files and identifiers [default: from the model's file name].",
    };

    public static Graph? Load(string path, DiagnosticBag diagnostics) => ModelLoader.Load(path, diagnostics);

    public static ExecutionPlan? Plan(string path, DiagnosticBag diagnostics) =>
        Load(path, diagnostics) is { } graph ? Planner.Plan(graph, diagnostics) : null;

    /// <summary>The prefix that a user gave, or one made from the model's name; null, reported, when it cannot be one.</summary>
    public static string? Prefix(string? given, Graph graph, DiagnosticBag diagnostics)
    {
        var prefix = given ?? CIdentifier.PrefixFrom(graph.Name);
        if (CIdentifier.IsValidPrefix(prefix))
        {
            return prefix;
        }

        diagnostics.Report(DiagnosticDescriptors.NameInvalid, "--name", Printable.Name(prefix));
        return null;
    }

    /// <summary>The samples of a file, or made-up ones where none is given.</summary>
    public static ImmutableArray<sbyte[]>? Samples(string? path, Graph graph, DiagnosticBag diagnostics) =>
        path == null ? SampleGenerator.Generate(graph) : SampleFile.Read(path, graph, diagnostics);
}
