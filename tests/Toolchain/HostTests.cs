using NUnit.Framework;
using Pqs.Codegen.Emulation;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Tests.Toolchain;

/// <summary>Builds the verification program with the host's compilers and runs it under sanitizers.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HostTests : IDisposable
{
    private static readonly TimeSpan Ample = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly DiagnosticBag _diagnostics = new();

    public void Dispose() => _folder.Dispose();

    [TestCase("gcc")]
    [TestCase("clang-16")]
    public async Task The_program_runs(string compiler)
    {
        var result = await BuildAndRun(compiler, Ample);

        Assert.That(_diagnostics.Lines(), Is.Empty);
        Assert.That(result!.Report.SamplesDone, Is.EqualTo(TestModel.Samples));
        Assert.That(result.Report.CalibrationTicks, Is.Null);
        Assert.That(result.Report.StackBytes, Is.Null);
    }

    [Test]
    public async Task What_a_sanitizer_finds_is_reported()
    {
        Assert.That(await BuildAndRun("gcc", Ample, "OVERREAD=4096"), Is.Null);
        Assert.That(_diagnostics.Lines().Single(), Does.StartWith("PQS0608 host built by gcc: the program was stopped by a sanitizer: "));
    }

    [Test]
    public async Task A_program_that_hangs_is_reported()
    {
        Assert.That(await BuildAndRun("gcc", TimeSpan.FromSeconds(2), "HANG"), Is.Null);
        Assert.That(_diagnostics.Lines(), Is.EqualTo(new[] { "PQS0601 host built by gcc: the program did not end within 2 s" }));
    }

    private async Task<RunResult?> BuildAndRun(string compiler, TimeSpan timeout, params string[] definitions)
    {
        Tools.Require(compiler);
        var program = await HostBuilder.BuildAsync(TestModel.Request(_folder, "host", definitions), compiler, _diagnostics);
        if (_diagnostics.ToImmutable().FirstOrDefault(d => d.Descriptor == DiagnosticDescriptors.SanitizersMissing) is { } missing)
        {
            Tools.Missing(missing.Message);
        }

        return program is null ? null : await HostRun.RunAsync(program, TestModel.RunPath(_folder), timeout, _diagnostics);
    }
}
