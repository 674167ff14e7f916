using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Reference.Model;

/// <summary>Which node reads and writes which tensor: the part of a graph that is the same for integers and for real numbers.</summary>
/// <param name="Name">The graph's name.</param>
/// <param name="TensorNames">The name of each tensor, by id.</param>
/// <param name="Nodes">Of each node in execution order: its place in diagnostics, the tensors that it reads, and the one that it writes.</param>
/// <param name="Inputs">Tensors that a caller supplies.</param>
/// <param name="Outputs">Tensors that a caller receives.</param>
internal sealed record GraphStructure(
    string Name,
    ImmutableArray<string> TensorNames,
    ImmutableArray<(string Place, ImmutableArray<int> Inputs, int Output)> Nodes,
    ImmutableArray<int> Inputs,
    ImmutableArray<int> Outputs)
{
    /// <summary>Reports what is missing, does not exist, is read too early, or is written twice.</summary>
    public void Verify(DiagnosticBag diagnostics)
    {
        Require(Inputs.Length > 0, "input");
        Require(Nodes.Length > 0, "node");
        Require(Outputs.Length > 0, "output");

        var written = new bool[TensorNames.Length];
        var byNode = new bool[TensorNames.Length];
        foreach (var id in Inputs)
        {
            Write(id, Name);
        }

        foreach (var (place, inputs, output) in Nodes)
        {
            foreach (var id in inputs)
            {
                if (Exists(id, place) && !written[id])
                {
                    diagnostics.Report(DiagnosticDescriptors.TensorOrder, place, Printable.Name(TensorNames[id]));
                }
            }

            if (Write(output, place))
            {
                byNode[output] = true;
            }
        }

        foreach (var id in Outputs)
        {
            if (Exists(id, Name))
            {
                if (!byNode[id])
                {
                    diagnostics.Report(DiagnosticDescriptors.OutputNotWritten, Name, Printable.Name(TensorNames[id]));
                }

                byNode[id] = false;
            }
        }

        void Require(bool present, string what)
        {
            if (!present)
            {
                diagnostics.Report(DiagnosticDescriptors.GraphEmpty, Name, what);
            }
        }

        bool Exists(int id, string place)
        {
            var exists = id >= 0 && id < TensorNames.Length;
            if (!exists)
            {
                diagnostics.Report(DiagnosticDescriptors.TensorOutOfRange, place, id, TensorNames.Length);
            }

            return exists;
        }

        bool Write(int id, string place)
        {
            if (!Exists(id, place))
            {
                return false;
            }

            if (written[id])
            {
                diagnostics.Report(DiagnosticDescriptors.TensorWrittenTwice, place, Printable.Name(TensorNames[id]));
            }

            written[id] = true;
            return true;
        }
    }
}
