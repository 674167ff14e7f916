using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Tests.Toolchain;

[TestFixture]
public sealed class StackAnalysisTests
{
    private static readonly string[] Graphs =
    [
        """
        graph: { title: "a.c"
        node: { title: "top" label: "top\na.c:3:5\n16 bytes (static)" }
        node: { title: "a.c:inner" label: "inner\na.c:1:12\n40 bytes (static)" }
        node: { title: "other" label: "other\nb.c:1:5" shape : ellipse }
        edge: { sourcename: "top" targetname: "a.c:inner" label: "a.c:4:9" }
        edge: { sourcename: "top" targetname: "other" label: "a.c:5:9" }
        edge: { sourcename: "a.c:inner" targetname: "leaf" }
        node: { title: "even" label: "even\na.c:8:5\n8 bytes (static)" }
        edge: { sourcename: "even" targetname: "odd" label: "a.c:8:20" }
        node: { title: "pointer" label: "pointer\na.c:9:5\n8 bytes (static)" }
        node: { title: "__indirect_call" label: "Indirect Call Placeholder" shape : ellipse }
        edge: { sourcename: "pointer" targetname: "__indirect_call" label: "a.c:9:20" }
        edge: { sourcename: "calls_all" targetname: "pointer" label: "a.c:9:20" }
        }

        """,
        """
        graph: { title: "b.c"
        node: { title: "other" label: "other\nb.c:1:5\n24 bytes (static)" }
        node: { title: "leaf" label: "leaf\nb.c:2:5\n100 bytes (dynamic,bounded)" }
        node: { title: "odd" label: "odd\nb.c:8:5\n8 bytes (static)" }
        edge: { sourcename: "odd" targetname: "even" label: "b.c:8:20" }
        node: { title: "varying" label: "varying\nb.c:9:5\n8 bytes (dynamic)" }
        node: { title: "b.c:inner" label: "inner\nb.c:1:12\n48 bytes (static)" }
        node: { title: "stranger" label: "stranger\nb.c:1:12\n4 bytes (static)" }
        edge: { sourcename: "stranger" targetname: "unheard_of" }
        garbage node: { title: "x" label: "x\n9 bytes (static)" }
        }

        """,
    ];

    [Test]
    public void The_deepest_chain_counts_across_files()
    {
        // Both files have a function inner; the larger frame is taken for it.
        var usage = Compute("top");

        Assert.That(usage.Bytes, Is.EqualTo(16 + 48 + 100));
        Assert.That(usage.Path, Is.EqualTo(new[] { "top", "inner", "leaf" }));
        Assert.That(usage.IsBound, Is.True);
    }

    [Test]
    public void Calls_can_be_left_out()
    {
        Assert.That(Compute("top", "inner").Bytes, Is.EqualTo(16 + 24));
    }

    [TestCase("even", "recursion even > odd > even")]
    [TestCase("pointer", "call through a pointer in pointer")]
    [TestCase("varying", "variable frame in varying")]
    [TestCase("stranger", "nothing is known of unheard_of")]
    public void What_prevents_a_bound_is_named(string function, string obstacle)
    {
        var usage = Compute(function);

        Assert.That(usage.IsBound, Is.False);
        Assert.That(usage.Obstacles, Is.EqualTo(new[] { obstacle }));
    }

    [Test]
    public void A_function_that_does_not_exist_has_no_stack()
    {
        Assert.That(StackAnalysis.Compute(CallGraphInfo.Parse(Graphs).Functions, "nobody", []), Is.Null);
    }

    /// <summary>Encodings as the GNU assembler gives them.</summary>
    [TestCase(16, new ushort[] { 0xB51C, 0xBD1C }, TestName = "push of three registers and lr")]
    [TestCase(508, new ushort[] { 0xB0FF }, TestName = "sub sp of 508")]
    [TestCase(36, new ushort[] { 0xE92D, 0x4FF0 }, TestName = "push.w of nine registers")]
    [TestCase(8, new ushort[] { 0xF84D, 0xBD08 }, TestName = "str with pre-decrement by 8")]
    [TestCase(16, new ushort[] { 0xE96D, 0xCE04 }, TestName = "strd with pre-decrement by 16")]
    [TestCase(64, new ushort[] { 0xED2D, 0x8B10 }, TestName = "vpush of eight double registers")]
    [TestCase(4, new ushort[] { 0xED2D, 0x8A01 }, TestName = "vpush of a single register")]
    [TestCase(612, new ushort[] { 0xF5AD, 0x7D19 }, TestName = "sub.w sp of 612")]
    [TestCase(1026, new ushort[] { 0xF2AD, 0x4D02 }, TestName = "subw sp of 1026")]
    [TestCase(0, new ushort[] { 0xF50D, 0x7D19, 0xB07F, 0xBDF0, 0x4770 }, TestName = "what releases stack")]
    public void Pushes_are_read_from_machine_code(int bytes, ushort[] code)
    {
        var function = Linked(("f", code))["f"];

        Assert.That(function.Frame, Is.EqualTo(bytes));
        Assert.That(function.IsBounded, Is.True);
        Assert.That(function.CallsIndirectly, Is.False);
    }

    [TestCase(new ushort[] { 0x44A5 }, TestName = "add sp, r4")]
    [TestCase(new ushort[] { 0x46BD }, TestName = "mov sp, r7")]
    [TestCase(new ushort[] { 0xEBAD, 0x0D03 }, TestName = "sub.w sp, sp, r3")]
    [TestCase(new ushort[] { 0xF1A7, 0x0D08 }, TestName = "sub.w sp, r7, 8")]
    public void Frames_of_variable_size_are_seen(ushort[] code)
    {
        Assert.That(Linked(("f", code))["f"].IsBounded, Is.False);
    }

    [TestCase(new ushort[] { 0x4798 }, TestName = "blx r3")]
    [TestCase(new ushort[] { 0x4718 }, TestName = "bx r3")]
    [TestCase(new ushort[] { 0xF853, 0xF023 }, TestName = "ldr.w pc, [r3, r3, lsl 2]")]
    public void Calls_through_registers_are_seen(ushort[] code)
    {
        Assert.That(Linked(("f", code))["f"].CallsIndirectly, Is.True);
    }

    [Test]
    public void Calls_and_jumps_are_read_from_machine_code()
    {
        // bl to the next function, b.n to the one after it, and in the last: beq to itself, b.w to the first.
        var functions = Linked(
            ("first", [0xF000, 0xF801, 0xE000]),
            ("second", [0x4770]),
            ("third", [0xD0FE, 0xF7FF, 0xBFFA]));

        Assert.That(functions["first"].Callees, Is.EqualTo(new[] { "second", "third" }));
        Assert.That(functions["second"].Callees, Is.Empty);
        Assert.That(functions["third"].Callees, Is.EqualTo(new[] { "first" }));
    }

    [Test]
    public void A_function_that_calls_itself_is_recursive_and_one_that_loops_is_not()
    {
        var functions = Linked(("calls", [0xF7FF, 0xFFFE, 0x4770]), ("loops", [0xE7FE]));

        Assert.That(functions["calls"].Callees, Is.EqualTo(new[] { "calls" }));
        Assert.That(functions["loops"].Callees, Is.Empty);
    }

    private static StackUsage Compute(string function, params string[] withoutCalls) =>
        StackAnalysis.Compute(CallGraphInfo.Parse(Graphs).Functions, function, [.. withoutCalls])!;

    private static ImmutableSortedDictionary<string, CompiledFunction> Linked(params (string Name, ushort[] Code)[] functions) =>
        LinkedFunctions.Read(ElfFile.Parse(SmallElf.Write(functions), "small.elf", new DiagnosticBag())!);
}
