using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Plans broken on purpose, each in a way that one rule alone forbids.</summary>
internal sealed class PlanVerifierTests
{
    private const int Input = 0;
    private const int Convolution = 1;
    private const int Sum = 3;
    private const int Second = 4;
    private const int Copied = 6;
    private const int Result = 7;

    public static IEnumerable<TestCaseData> Broken =>
    [
        Case("a tensor in memory of another size", plan => With(plan, Convolution, b => b with { Size = b.Size - 1 }), "does not fill its buffer"),
        Case("memory given up before its last use", plan => With(plan, Convolution, b => b with { LastStep = b.LastStep - 1 }), "while its buffer is dead"),
        Case("memory that begins after its first use", plan => With(plan, Second, b => b with { FirstStep = b.FirstStep + 1 }), "while its buffer is dead"),
        Case("memory that leaves the arena", plan => plan with { Arena = plan.Arena with { Size = plan.Arena.Size - 4 } }, "leaves the arena"),
        Case("memory that is not aligned", plan => Move(plan, Convolution, plan.Arena.Size + 2), "is not aligned"),
        Case("a tensor without a place", plan => Move(plan, Convolution, -1), "is misplaced"),
        Case("an input in the arena", plan => Move(plan, Input, plan.Arena.Size), "is misplaced"),
        Case("two live tensors in one place", plan => Move(plan, Convolution, OffsetOf(plan, Sum)), "overlap while both are live"),
        Case("two live tensors that overlap in part", plan => Move(plan, Convolution, OffsetOf(plan, Sum) + 4), "overlap while both are live"),
        Case("scratch over the result", plan => MoveBuffer(plan, plan.Assignment.ScratchOfStep[0], OffsetOf(plan, Convolution)), "overlap while both are live"),
        Case("a convolution in place", plan => Share(plan, Second, Sum), "overwrites tensor 3"),
        Case("a sum over a tensor that is read later", plan => Share(plan, Sum, Convolution), "overwrites tensor 2"),
        Case("a layer that writes an input", plan => Share(plan, Second, Input), "writes an input"),
        Case("a layer that writes over an output", plan => Share(plan, Result, Copied), "overwrites tensor 6"),
        Case("a copy over a tensor that is read later", plan => Share(plan, Copied, Convolution), "overwrites tensor 2"),
        Case("a copy over an input", plan => Share(plan, Copied, Input), "writes an input"),
    ];

    [Test]
    public void A_plan_that_is_right_passes() => Assert.That(() => PlanVerifier.Verify(Plan()), Throws.Nothing);

    [TestCaseSource(nameof(Broken))]
    public void A_broken_plan_is_a_bug(Func<ExecutionPlan, ExecutionPlan> change, string message) => Assert.That(
        () => PlanVerifier.Verify(change(Plan())),
        Throws.InvalidOperationException.With.Message.StartsWith("The plan is wrong: ").And.Message.Contains(message));

    private static TestCaseData Case(string name, Func<ExecutionPlan, ExecutionPlan> change, string message) =>
        new TestCaseData(change, message).SetArgDisplayNames(name);

    /// <summary>A network with scratch, a tensor of two shapes, one that a sum must not overwrite, and an output that is read again.</summary>
    private static ExecutionPlan Plan()
    {
        var dice = new Dice(new PCG(1, 1));
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 4, 4, 2], 1, 0);
        var convolution = builder.Conv2D(input, Graphs.Filter(dice, 3, 3, 2, 18), new Result(1, 0), new Steps(PaddingKind.Same));
        var reshaped = builder.Reshape(convolution, [1, 16, 2]);
        var sum = builder.Add(convolution, input, new Result(1, 0));
        var second = builder.Conv2D(sum, Graphs.Filter(dice, 3, 3, 2, 18), new Result(1, 0), new Steps(PaddingKind.Same));
        var copied = builder.Reshape(builder.Softmax(second), [1, 16, 2]);
        var result = builder.Add(reshaped, copied, new Result(1, 0));
        return ModelBatch.Plan(Graphs.Import(builder.Output(result, copied)));
    }

    private static int OffsetOf(ExecutionPlan plan, int tensor) => plan.Arena.Offsets[plan.Assignment.OfTensor[tensor]];

    private static ExecutionPlan With(ExecutionPlan plan, int tensor, Func<Pqs.Codegen.Plan.Buffer, Pqs.Codegen.Plan.Buffer> change)
    {
        var index = plan.Assignment.OfTensor[tensor];
        return plan with { Assignment = plan.Assignment with { Buffers = plan.Assignment.Buffers.SetItem(index, change(plan.Assignment.Buffers[index])) } };
    }

    private static ExecutionPlan Move(ExecutionPlan plan, int tensor, int offset) => MoveBuffer(plan, plan.Assignment.OfTensor[tensor], offset);

    /// <summary>With an arena that has room for it.</summary>
    private static ExecutionPlan MoveBuffer(ExecutionPlan plan, int buffer, int offset) =>
        plan with { Arena = plan.Arena with { Offsets = plan.Arena.Offsets.SetItem(buffer, offset), Size = (2 * plan.Arena.Size) + 64 } };

    /// <summary>Puts a tensor into another's memory, which is made to live always and given a place apart from all else.</summary>
    private static ExecutionPlan Share(ExecutionPlan plan, int tensor, int with)
    {
        var buffer = plan.Assignment.OfTensor[with];
        var shared = plan with { Assignment = plan.Assignment with { OfTensor = plan.Assignment.OfTensor.SetItem(tensor, buffer) } };
        var living = With(shared, with, b => b with { FirstStep = -1, LastStep = plan.Steps.Length });
        return plan.Arena.Offsets[buffer] < 0 ? living : MoveBuffer(living, buffer, (plan.Arena.Size + 3) / 4 * 4);
    }
}
