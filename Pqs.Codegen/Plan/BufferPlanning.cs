using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan;

/// <summary>
/// Gives each tensor a buffer. A reshape's result shares its input's; a kernel that may run in place writes over an input that nothing reads
/// afterwards; all else gets a buffer of its own.
/// </summary>
internal static class BufferPlanning
{
    public static BufferAssignment Run(Graph graph, ImmutableArray<Step> steps)
    {
        var lastRead = LastReads(graph, steps);
        var buffers = new List<Buffer>();
        var ofTensor = new int[graph.Tensors.Length];
        var scratchOfStep = Enumerable.Repeat(-1, steps.Length).ToArray();
        Array.Fill(ofTensor, -1);

        for (var i = 0; i < graph.Inputs.Length; i++)
        {
            Create(graph.Inputs[i], BufferKind.Input, i, -1);
        }

        for (var position = 0; position < steps.Length; position++)
        {
            var (node, call, _) = steps[position];
            if (call is { ScratchBytes: > 0 })
            {
                scratchOfStep[position] = buffers.Count;
                buffers.Add(new Buffer(BufferKind.Scratch, position, call.ScratchBytes, position, position));
            }

            if (SharedBuffer(node, call, position) is { } shared)
            {
                ofTensor[node.Output] = shared;
                var buffer = buffers[shared];
                buffers[shared] = buffer with { LastStep = Math.Max(buffer.LastStep, lastRead[node.Output]) };
            }
            else
            {
                var output = graph.Outputs.IndexOf(node.Output);
                Create(node.Output, output >= 0 ? BufferKind.Output : BufferKind.Arena, output >= 0 ? output : node.Output, position);
            }
        }

        return new BufferAssignment([.. buffers], [.. ofTensor], [.. scratchOfStep]);

        void Create(int tensor, BufferKind kind, int index, int firstStep)
        {
            ofTensor[tensor] = buffers.Count;
            buffers.Add(new Buffer(kind, index, graph.Tensors[tensor].Shape.ElementCount, firstStep, Math.Max(firstStep, lastRead[tensor])));
        }

        int? SharedBuffer(Node node, KernelCall? call, int position)
        {
            if (graph.Outputs.Contains(node.Output))
            {
                return null;
            }

            if (call == null)
            {
                return ofTensor[node.Inputs[0]];
            }

            if (!call.MayRunInPlace)
            {
                return null;
            }

            // All tensors of the buffer must be dead after this step: its last step says so, since shared tensors have extended it.
            return node.Inputs
                .Select(input => ofTensor[input])
                .Where(buffer => buffers[buffer].Kind == BufferKind.Arena && buffers[buffer].LastStep == position
                    && buffers[buffer].Size == graph.Tensors[node.Output].Shape.ElementCount)
                .Select(buffer => (int?)buffer)
                .FirstOrDefault();
        }
    }

    /// <summary>By tensor id: the last step that reads it; the number of steps for graph outputs; -1 where nothing reads it.</summary>
    private static int[] LastReads(Graph graph, ImmutableArray<Step> steps)
    {
        var lastRead = new int[graph.Tensors.Length];
        Array.Fill(lastRead, -1);
        for (var position = 0; position < steps.Length; position++)
        {
            foreach (var input in steps[position].Node.Inputs)
            {
                lastRead[input] = position;
            }
        }

        foreach (var output in graph.Outputs)
        {
            lastRead[output] = steps.Length;
        }

        return lastRead;
    }
}
