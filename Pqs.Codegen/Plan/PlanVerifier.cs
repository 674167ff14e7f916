namespace Pqs.Codegen.Plan;

/// <summary>Checks the invariants of a finished plan. A violation is a bug of a pass, so it throws.</summary>
public static class PlanVerifier
{
    public static void Verify(ExecutionPlan plan)
    {
        VerifyBuffers(plan);
        VerifyLayout(plan);
        VerifySharing(plan);
    }

    /// <summary>Every tensor has memory of its size that lives from its definition to its last use.</summary>
    private static void VerifyBuffers(ExecutionPlan plan)
    {
        for (var position = 0; position < plan.Steps.Length; position++)
        {
            var node = plan.Steps[position].Node;
            foreach (var tensor in node.Inputs.Append(node.Output))
            {
                var buffer = plan.BufferOf(tensor);
                Require(buffer.Size == plan.Graph.Tensors[tensor].Shape.ElementCount, $"tensor {tensor} does not fill its buffer");
                Require(buffer.IsLiveAt(position), $"tensor {tensor} is used at step {position} while its buffer is dead");
            }

            Require(plan.BufferOf(node.Output).Kind != BufferKind.Input || !Writes(plan, plan.Steps[position]), $"step {position} writes an input");
        }
    }

    /// <summary>Buffers in the arena lie inside it, are aligned, and are disjoint while both are live.</summary>
    private static void VerifyLayout(ExecutionPlan plan)
    {
        var (buffers, arena) = (plan.Assignment.Buffers, plan.Arena);
        for (var i = 0; i < buffers.Length; i++)
        {
            Require(buffers[i].IsInArena == (arena.Offsets[i] >= 0), $"buffer {i} is misplaced");
            if (!buffers[i].IsInArena)
            {
                continue;
            }

            Require(arena.Offsets[i] % ArenaLayout.Alignment == 0, $"buffer {i} is not aligned");
            Require(arena.Offsets[i] + (long)buffers[i].Size <= arena.Size, $"buffer {i} leaves the arena");
            for (var j = 0; j < i; j++)
            {
                var isDisjoint = !buffers[j].IsInArena || !buffers[i].Overlaps(buffers[j])
                    || arena.Offsets[i] + (long)buffers[i].Size <= arena.Offsets[j]
                    || arena.Offsets[j] + (long)buffers[j].Size <= arena.Offsets[i];
                Require(isDisjoint, $"buffers {j} and {i} overlap while both are live");
            }
        }
    }

    /// <summary>A step writes over a tensor only where its kernel allows that, and never over one that is read later.</summary>
    private static void VerifySharing(ExecutionPlan plan)
    {
        var (definedAt, lastRead) = (Enumerable.Repeat(-1, plan.Graph.Tensors.Length).ToArray(), Enumerable.Repeat(-1, plan.Graph.Tensors.Length).ToArray());
        for (var position = 0; position < plan.Steps.Length; position++)
        {
            definedAt[plan.Steps[position].Node.Output] = position;
            foreach (var input in plan.Steps[position].Node.Inputs)
            {
                lastRead[input] = position;
            }
        }

        // The caller reads the outputs after the last step.
        foreach (var output in plan.Graph.Outputs)
        {
            lastRead[output] = plan.Steps.Length;
        }

        var ofBuffer = Enumerable.Range(0, plan.Graph.Tensors.Length).ToLookup(tensor => plan.Assignment.OfTensor[tensor]);
        for (var position = 0; position < plan.Steps.Length; position++)
        {
            var (node, call, _) = plan.Steps[position];
            if (!Writes(plan, plan.Steps[position]))
            {
                continue;
            }

            foreach (var tensor in ofBuffer[plan.Assignment.OfTensor[node.Output]].Where(tensor => definedAt[tensor] < position))
            {
                Require(lastRead[tensor] < position || (lastRead[tensor] == position && call is { MayRunInPlace: true }), $"step {position} overwrites tensor {tensor}");
            }
        }
    }

    /// <summary>A reshape writes only where its result has a buffer of its own.</summary>
    private static bool Writes(ExecutionPlan plan, Step step) =>
        step.Call != null || plan.Assignment.OfTensor[step.Node.Inputs[0]] != plan.Assignment.OfTensor[step.Node.Output];

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The plan is wrong: " + message + ".");
        }
    }
}
