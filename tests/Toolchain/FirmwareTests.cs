using NUnit.Framework;
using Pqs.Codegen.Emulation;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Tests.Toolchain;

/// <summary>Builds the verification program with the Arm compiler and runs it under QEMU.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FirmwareTests : IDisposable
{
    private static readonly TimeSpan Ample = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly DiagnosticBag _diagnostics = new();

    public static IEnumerable<string> Microcontrollers =>
        TargetCatalog.Names(Installation.TargetsFolder).Where(name => name != "host");

    [SetUp]
    public void SetUp() => Tools.Require("arm-none-eabi-gcc", Qemu.Tool);

    public void Dispose() => _folder.Dispose();

    [TestCaseSource(nameof(Microcontrollers))]
    public async Task The_program_runs_and_its_stack_is_within_the_bound(string targetName)
    {
        var (image, result) = await BuildAndRun(targetName, Ample);

        Assert.That(_diagnostics.Lines(), Is.Empty);
        Assert.That(image!.Notes, Is.Empty);
        Assert.That(result!.Report.Samples, Has.Length.EqualTo(TestModel.Samples));
        Assert.That(result.Report.Samples.Select(s => s.LayerTicks.Length), Is.All.EqualTo(2));
        var trace = File.ReadAllBytes(Path.Combine(TestModel.RunPath(_folder), RunFolder.Trace));
        Assert.That(trace, Has.Length.EqualTo(32 * TestModel.Samples));

        // The layer hook runs below the model too, but what it uses is not measured.
        var bound = StackAnalysis.Analyze(image, "m_invoke", ["harness_layer_done"], targetName, _diagnostics)!;
        Assert.That(bound.IsBound, Is.True, string.Join("; ", bound.Obstacles));
        Assert.That(bound.Bytes, Is.GreaterThanOrEqualTo(result.Report.StackBytes!.Value));
        Assert.That(bound.Bytes, Is.LessThan(result.Report.StackBytes.Value + 64));
    }

    [TestCaseSource(nameof(Microcontrollers))]
    public async Task Frames_and_calls_read_from_machine_code_are_those_that_the_compiler_gives(string targetName)
    {
        var image = (await FirmwareBuilder.BuildAsync(TestModel.Request(_folder, targetName), _diagnostics))!;
        var linked = LinkedFunctions.Read(image.Elf);
        var defined = image.Elf.Symbols.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);

        Assert.That(image.CallGraph.Functions.Keys, Does.Contain("m_invoke").And.Contain("harness_layer_done"));
        foreach (var (name, compiled) in image.CallGraph.Functions.Where(pair => linked.ContainsKey(pair.Key)))
        {
            // A weak function that another replaces is in the call graphs twice, so its callees need not be linked.
            Assert.That(linked[name].Frame, Is.EqualTo(compiled.Frame), name);
            Assert.That(linked[name].IsBounded, Is.EqualTo(compiled.IsBounded), name);
            Assert.That(linked[name].CallsIndirectly, Is.EqualTo(compiled.CallsIndirectly), name);
            Assert.That(linked[name].Callees.Count, Is.GreaterThanOrEqualTo(compiled.Callees.Count(defined.Contains)), name);
        }
    }

    [TestCaseSource(nameof(Microcontrollers))]
    public async Task Building_again_gives_the_same_bytes(string targetName)
    {
        var request = TestModel.Request(_folder, targetName);
        var first = (await FirmwareBuilder.BuildAsync(request, _diagnostics))!.Elf.Data.ToArray();
        var second = (await FirmwareBuilder.BuildAsync(request, _diagnostics))!.Elf.Data.ToArray();

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public async Task Memory_is_told_by_object()
    {
        var image = (await FirmwareBuilder.BuildAsync(TestModel.Request(_folder, "cortex-m4", "ARENA_SIZE=3000"), _diagnostics))!;

        Assert.That(image.Memory.Objects.Single(o => o.Name == "harness.c").Ram, Is.GreaterThanOrEqualTo(3032));
        Assert.That(image.Memory.Objects.Single(o => o.Name == "m.c").Flash, Is.InRange(512, 2048));
        Assert.That(image.Memory.Ram, Is.GreaterThanOrEqualTo(image.Memory.Of(_ => true).Ram).And.LessThan(4096));
        Assert.That(image.Memory.Flash, Is.InRange(image.Memory.Of(_ => true).Flash, image.Memory.Of(_ => true).Flash + 256));
    }

    [Test]
    public async Task An_image_too_large_for_the_first_machine_is_built_for_the_next()
    {
        var (image, result) = await BuildAndRun("cortex-m0", Ample, "ARENA_SIZE=20000");

        Assert.That(_diagnostics.Lines(), Is.Empty);
        Assert.That(result, Is.Not.Null);
        Assert.That(image!.Machine.Name, Is.EqualTo("mps2-an385"));
        Assert.That(image.Notes.Single(), Does.Match("^microbit with flash at 0x00000000: [0-9]+ bytes too many for RAM$"));
    }

    [Test]
    public async Task An_image_too_large_for_every_machine_is_reported()
    {
        var request = TestModel.Request(_folder, "cortex-m0", "ARENA_SIZE=100000000");

        Assert.That(await FirmwareBuilder.BuildAsync(request, _diagnostics), Is.Null);
        Assert.That(_diagnostics.Lines().Single(), Does.Match(
            "^PQS0524 cortex-m0: the image fits none of the target's machines: "
                + "microbit with flash at 0x00000000: [0-9]+ bytes too many for RAM; mps2-an385 with flash at 0x00000000: [0-9]+ bytes"));
    }

    [Test]
    public async Task A_source_that_does_not_compile_is_reported_with_the_compilers_message()
    {
        Assert.That(await FirmwareBuilder.BuildAsync(TestModel.Request(_folder, "cortex-m4", "WRONG_SYNTAX"), _diagnostics), Is.Null);
        var line = _diagnostics.Lines().Single();
        Assert.That(line, Does.StartWith("PQS0522 cortex-m4: arm-none-eabi-gcc rejects m.c: ").And.Contain("error:"));
    }

    [Test]
    public async Task A_missing_function_is_reported_by_the_linker()
    {
        var request = TestModel.Request(_folder, "cortex-m4");

        Assert.That(await FirmwareBuilder.BuildAsync(request with { Sources = request.Sources.RemoveAt(2) }, _diagnostics), Is.Null);
        Assert.That(_diagnostics.Lines().Single(), Does.StartWith("PQS0523 cortex-m4: ").And.Contain("undefined reference to `m_invoke'"));
    }

    [Test]
    public async Task A_missing_compiler_is_reported_with_its_package()
    {
        var request = TestModel.Request(_folder, "cortex-m4");
        request = request with { Target = request.Target with { Compilers = ["arm-none-eabi-no-such"] } };

        Assert.That(await FirmwareBuilder.BuildAsync(request, _diagnostics), Is.Null);
        Assert.That(_diagnostics.Lines(), Is.EqualTo(new[]
        {
            "PQS0520 cortex-m4: arm-none-eabi-no-such is not installed or not on PATH; "
                + "on Debian it comes with gcc-arm-none-eabi libnewlib-arm-none-eabi",
        }));
    }

    [TestCase("{{ flash.start }}")]
    [TestCase("{{ rom.origin }}")]
    [TestCase("{{ include 'other' }}")]
    [TestCase("{{ for }}")]
    public async Task A_linker_script_that_does_not_render_is_reported(string template)
    {
        var request = TestModel.Request(_folder, "cortex-m4");
        var firmware = request.Target.Firmware! with { LinkerScriptPath = _folder.Write("wrong.ld", template) };
        request = request with { Target = request.Target with { Firmware = firmware } };

        Assert.That(await FirmwareBuilder.BuildAsync(request, _diagnostics), Is.Null);
        Assert.That(_diagnostics.Lines().Single(), Does.StartWith("PQS0525 wrong.ld: "));
    }

    [TestCaseSource(nameof(Microcontrollers))]
    public async Task A_fault_is_reported_with_the_function(string targetName)
    {
        var (image, result) = await BuildAndRun(targetName, Ample, "FAULT");

        Assert.That(result, Is.Null);
        Assert.That(_diagnostics.Lines().Single(), Does.Match(
            $"^PQS0602 {targetName} on {image!.Machine.Name}: (usage|hard) fault at pc 0x[0-9a-f]{{8}} in m_invoke, lr 0x"));
    }

    [Test]
    public async Task A_program_that_hangs_is_reported()
    {
        var (_, result) = await BuildAndRun("cortex-m4", TimeSpan.FromSeconds(3), "HANG");

        Assert.That(result, Is.Null);
        Assert.That(_diagnostics.Lines(), Is.EqualTo(new[] { "PQS0601 cortex-m4 on mps2-an386: the program did not end within 3 s" }));
    }

    [Test]
    public async Task A_model_that_refuses_is_reported()
    {
        var (_, result) = await BuildAndRun("cortex-m4", Ample, "REFUSE");

        Assert.That(result, Is.Null);
        Assert.That(_diagnostics.Lines(), Is.EqualTo(new[] { "PQS0605 cortex-m4 on mps2-an386: invoke returned status 2 for sample 0" }));
    }

    [Test]
    public async Task A_run_without_inputs_is_reported_with_the_programs_message()
    {
        var request = TestModel.Request(_folder, "cortex-m4");
        var image = (await FirmwareBuilder.BuildAsync(request, _diagnostics))!;
        File.Delete(Path.Combine(TestModel.RunPath(_folder), RunFolder.Inputs));

        Assert.That(await Run(request, image, Ample), Is.Null);
        Assert.That(_diagnostics.Lines().Single(), Does.Match(
            "^PQS0603 cortex-m4 on mps2-an386: the program ended without finishing its report, exit code 1: .*inputs.bin"));
    }

    [Test]
    public async Task A_clock_that_differs_from_the_description_is_reported()
    {
        var request = TestModel.Request(_folder, "cortex-m4");
        var image = (await FirmwareBuilder.BuildAsync(request, _diagnostics))!;
        image = image with { Machine = image.Machine with { InstructionsPerTick = 41 } };

        Assert.That(await Run(request, image, Ample), Is.Null);
        Assert.That(_diagnostics.Lines(), Is.EqualTo(new[]
        {
            "PQS0606 cortex-m4 on mps2-an386: the calibration loop of 200000 instructions counts as 205000, more than 2 % off",
        }));
    }

    private async Task<(FirmwareImage? Image, RunResult? Result)> BuildAndRun(
        string targetName, TimeSpan timeout, params string[] definitions)
    {
        var request = TestModel.Request(_folder, targetName, definitions);
        var image = await FirmwareBuilder.BuildAsync(request, _diagnostics);
        return (image, image is null ? null : await Run(request, image, timeout));
    }

    private Task<RunResult?> Run(BuildRequest request, FirmwareImage image, TimeSpan timeout) =>
        Qemu.RunAsync(request.Target, image, TestModel.RunPath(_folder), timeout, _diagnostics);
}
