using Pqs.Codegen.Plan;

namespace Pqs.Tests.Codegen;

/// <summary>
/// Runs a plan on an arena whose bytes remember what was written to them last. It knows nothing of lifetimes: a layer is right when each byte that it
/// reads is still the one that the layer before it wrote.
/// </summary>
internal sealed class PlanSimulation
{
    private readonly ExecutionPlan _plan;
    private readonly (int Value, int Element)[] _arena;

    /// <summary>By tensor: the tensor whose elements it has; reshapes have their input's.</summary>
    private readonly int[] _values;

    private PlanSimulation(ExecutionPlan plan)
    {
        _plan = plan;
        _arena = new (int, int)[plan.Arena.Size];
        _values = [.. Enumerable.Range(0, plan.Graph.Tensors.Length)];
        Array.Fill(_arena, (-1, -1));
    }

    /// <summary>What is wrong with the plan, or null.</summary>
    public static string? FindFault(ExecutionPlan plan)
    {
        var simulation = new PlanSimulation(plan);
        return Enumerable.Range(0, plan.Steps.Length).Select(simulation.Run).FirstOrDefault(fault => fault != null);
    }

    private string? Run(int position)
    {
        var (node, call, _) = _plan.Steps[position];
        if (node.Inputs.FirstOrDefault(input => !Holds(input), -1) is >= 0 and var lost)
        {
            return $"step {position} reads tensor {lost}, which is gone";
        }

        if (call == null)
        {
            _values[node.Output] = _values[node.Inputs[0]];
            if (_plan.Assignment.OfTensor[node.Inputs[0]] != _plan.Assignment.OfTensor[node.Output])
            {
                Write(_plan.Assignment.OfTensor[node.Output], _values[node.Output]);
            }

            return Holds(node.Output) ? null : $"step {position} loses its result";
        }

        if (_plan.BufferOf(node.Output).Kind == BufferKind.Input)
        {
            return $"step {position} writes an input";
        }

        // A kernel writes its scratch and its output while it still reads its inputs.
        if (_plan.Assignment.ScratchOfStep[position] is >= 0 and var scratch)
        {
            Write(scratch, -2);
        }

        var isInPlace = call.MayRunInPlace
            && node.Inputs.Any(input => _plan.Assignment.OfTensor[input] == _plan.Assignment.OfTensor[node.Output]);
        if (!isInPlace)
        {
            Write(_plan.Assignment.OfTensor[node.Output], node.Output);
        }

        foreach (var input in node.Inputs.Where(input => !Holds(input)))
        {
            return $"step {position} overwrites tensor {input} while it reads it";
        }

        Write(_plan.Assignment.OfTensor[node.Output], node.Output);
        return null;
    }

    private void Write(int buffer, int value)
    {
        if (_plan.Arena.Offsets[buffer] is >= 0 and var offset)
        {
            for (var i = 0; i < _plan.Assignment.Buffers[buffer].Size; i++)
            {
                _arena[offset + i] = (value, i);
            }
        }
    }

    private bool Holds(int tensor)
    {
        var offset = _plan.Arena.Offsets[_plan.Assignment.OfTensor[tensor]];
        var size = _plan.Graph.Tensors[tensor].Shape.ElementCount;
        return offset < 0 || Enumerable.Range(0, size).All(i => _arena[offset + i] == (_values[tensor], i));
    }
}
