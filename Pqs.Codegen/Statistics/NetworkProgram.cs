using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Pqs.Codegen.Plan;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Statistics;

/// <summary>A plan as a loaded C# program, of which any number of instances can run at a time. Disposing of it lets the memory of its code go.</summary>
public sealed class NetworkProgram : IDisposable
{
    /// <summary>More weights than this, with the channels of a layer rounded up to a full block, are refused.</summary>
    private const long MaximumPackedElements = 1L << 26;

    private readonly AssemblyLoadContext _context = new("Network", isCollectible: true);
    private readonly ConstructorInfo _constructor;
    private readonly LayerTables?[] _tables;

    private NetworkProgram(ExecutionPlan plan, AccumulatorWidths? widths)
    {
        (Plan, Widths) = (plan, widths);
        _tables = [.. plan.Steps.Select((step, position) => step.Node.Operator is DotProductOperator dot
            ? new LayerTables(dot, LayerEmitter.IsPartitioned(plan, position))
            : null)];
        using var stream = new MemoryStream(NetworkCompiler.Compile(NetworkEmitter.Emit(plan, counts: widths != null)));
        _constructor = _context.LoadFromStream(stream).GetType("Network", throwOnError: true)!.GetConstructors().Single();
    }

    public ExecutionPlan Plan { get; }

    /// <summary>The widths at which overflows are counted; null for a program that only computes.</summary>
    public AccumulatorWidths? Widths { get; }

    /// <returns>The program; null, reported, for a network that is too large.</returns>
    /// <param name="plan">A verified plan.</param>
    /// <param name="widths">The widths at which overflows are counted; null for a program that only computes.</param>
    public static NetworkProgram? Create(ExecutionPlan plan, AccumulatorWidths? widths, DiagnosticBag diagnostics)
    {
        var elements = plan.Graph.Nodes.Sum(node => node.Operator is DotProductOperator dot ? LayerTables.PackedElements(dot) : 0);
        if (elements > MaximumPackedElements)
        {
            diagnostics.Report(DiagnosticDescriptors.TooLargeToCount, plan.Graph.Name, elements, MaximumPackedElements);
            return null;
        }

        return new NetworkProgram(plan, widths);
    }

    /// <summary>An instance with memory and counters of its own.</summary>
    internal NetworkInstance CreateInstance(LayerObserver? observer = null)
    {
        ImmutableArray<OverflowCounter?> counters = [.. Plan.Steps.Select(step => Widths is { } widths && step.Node.Operator is DotProductOperator dot
            ? new OverflowCounter(step.Bounds, dot.ProductCount, widths)
            : null)];
        var network = (CompiledNetwork)_constructor.Invoke([_tables, counters.ToArray()]);
        network.Observer = observer;
        return new NetworkInstance(network, counters);
    }

    public void Dispose() => _context.Unload();
}

/// <summary>A running network.</summary>
/// <param name="Network">The emitted program.</param>
/// <param name="Counters">By step; null where nothing is counted.</param>
internal sealed record NetworkInstance(CompiledNetwork Network, ImmutableArray<OverflowCounter?> Counters);
