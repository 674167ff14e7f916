using System.Collections.Immutable;
using System.Text.Json;
using NUnit.Framework;

namespace Pqs.Tests.Commands;

/// <summary>Exit codes, and what goes to which output.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CommandLineTests : IDisposable
{
    private static readonly string[] Commands = ["inspect", "run", "generate", "verify", "profile", "targets"];

    private readonly PqsTool _pqs = new();

    public static IEnumerable<TestCaseData> WrongUsages =>
    [
        Case(),
        Case("frobnicate"),
        Case("--frobnicate"),
        Case("inspect"),
        Case("inspect", PqsTool.Model, "another.tflite"),
        Case("inspect", PqsTool.Model, "--frobnicate"),
        Case("run", PqsTool.Model),
        Case("run", PqsTool.Model, "--inputs", "x.npy", "--samples", "0"),
        Case("run", PqsTool.Model, "--inputs", "x.npy", "--input-scale", "NaN"),
        Case("run", PqsTool.Model, "--inputs", "x.npy", "--input-offset", "much"),
        Case("generate", PqsTool.Model, "--output", "out"),
        Case("generate", PqsTool.Model, "--target", "cortex-m4", "--output"),
        Case("generate", PqsTool.Model, "--target", "cortex-m4", "--output", "out", "--package", "zip"),
        Case("generate", PqsTool.Model, "--target", "cortex-m4", "--target", "cortex-m0", "--output", "out"),
        Case("verify", PqsTool.Model),
        Case("verify", PqsTool.Model, "--targets", "host", "--timeout", "0"),
        Case("verify", PqsTool.Model, "--targets", "host", "--timeout", "soon"),
        Case("verify", PqsTool.Model, "--targets", "host", "--timeout", "86401"),
        Case("verify", PqsTool.Model, "--targets", "host", "--timeout", "99999999999"),
        Case("targets", "all"),
    ];

    public static IEnumerable<TestCaseData> Refusals =>
    [
        Refusal("PQS0101", "inspect", "missing.tflite"),
        Refusal("PQS0103", "inspect", "no-model.tflite"),
        Refusal("PQS0101", "inspect", "."),
        Refusal("PQS0101", "inspect", ""),
        Refusal("PQS0501", "generate", PqsTool.Model, "--target", "cortex-m44", "--output", "out"),
        Refusal("PQS0501", "generate", PqsTool.Model, "--target", "../cortex-m4", "--output", "out"),
        Refusal("PQS0501", "generate", PqsTool.Model, "--target", "", "--output", "out"),
        Refusal("PQS0403", "generate", PqsTool.Model, "--target", "cortex-m4", "--output", "out", "--name", "../x"),
        Refusal("PQS0403", "generate", PqsTool.Model, "--target", "cortex-m4", "--output", "out", "--name", "int"),
        Refusal("PQS0403", "generate", PqsTool.Model, "--target", "cortex-m4", "--output", "out", "--name", ""),
        Refusal("PQS0403", "generate", PqsTool.Model, "--target", "cortex-m4", "--output", "out", "--name", "Kws"),
        Refusal("PQS0402", "generate", PqsTool.Model, "--target", "cortex-m4", "--output", "/proc/pqs/out"),
        Refusal("PQS0402", "generate", PqsTool.Model, "--target", "cortex-m4", "--output", ""),
        Refusal("PQS0501", "verify", PqsTool.Model, "--targets", "host,nothing"),
        Refusal("PQS0501", "verify", PqsTool.Model, "--targets", ""),
        Refusal("PQS0501", "verify", PqsTool.Model, "--targets", ","),
        Refusal("PQS0101", "verify", PqsTool.Model, "--targets", "host", "--inputs", "missing.bin"),
        Refusal("PQS0302", "run", PqsTool.Model, "--inputs", "short.bin"),
        Refusal("PQS0302", "run", PqsTool.Model, "--inputs", "empty.bin"),
        Refusal("PQS0312", "run", PqsTool.Model, "--inputs", PqsTool.Model),
        Refusal("PQS0304", "run", PqsTool.Model, "--inputs", "right.bin", "--output", "out.npz"),
        Refusal("PQS0402", "run", PqsTool.Model, "--inputs", "right.bin", "--output", "/proc/pqs/out.bin"),
        Refusal("PQS0402", "run", PqsTool.Model, "--inputs", "right.bin", "--layers", "/proc/pqs/out"),
    ];

    public void Dispose() => _pqs.Dispose();

    [TestCaseSource(nameof(WrongUsages))]
    public void Wrong_usage_is_2(ImmutableArray<string> arguments)
    {
        _pqs.Run(arguments).Failed(2);
        Assert.That(_pqs.Entries, Is.EqualTo(new[] { PqsTool.Model }));
    }

    [TestCaseSource(nameof(Refusals))]
    public void What_is_refused_is_3_with_a_diagnostic(string id, ImmutableArray<string> arguments)
    {
        File.WriteAllText(_pqs.At("no-model.tflite"), "This is no model.");
        File.WriteAllBytes(_pqs.At("short.bin"), new byte[127]);
        File.WriteAllBytes(_pqs.At("empty.bin"), []);
        File.WriteAllBytes(_pqs.At("right.bin"), new byte[128]);
        var before = _pqs.Entries;

        var result = _pqs.Run(arguments).Failed(3);

        Assert.That(result.Ids.Distinct(), Is.EqualTo(new[] { id }), result.Error);
        Assert.That(_pqs.Entries, Is.EqualTo(before));
    }

    [Test]
    public void Help_is_a_success()
    {
        Assert.That(_pqs.Run("--help").Succeeded().Output, Does.Contain("Exit codes: 0 success"));
        foreach (var command in Commands)
        {
            Assert.That(_pqs.Run(command, "-h").Succeeded().Output, Does.Contain($"pqs {command}"), command);
        }
    }

    [Test]
    public void The_version_is_a_success() => Assert.That(_pqs.Run("--version").Succeeded().Output, Does.Match("^[0-9]+\\.[0-9]+\\.[0-9]+\\s*$"));

    [TestCase("cortex-m44", "cortex-m4")]
    [TestCase("CORTEX-M4", "cortex-m4")]
    [TestCase("cortex-m0+", "cortex-m0")]
    [TestCase("hosts", "host")]
    public void An_unknown_target_is_answered_with_the_nearest(string given, string nearest) => Assert.That(
        _pqs.Run("generate", PqsTool.Model, "--target", given, "--output", "out").Failed(3).Error, Does.Contain($"did you mean {nearest}?"));

    [Test]
    public void Inspect_shows_every_layer_and_the_memory()
    {
        var text = _pqs.Run("inspect", PqsTool.Model).Succeeded().Output;
        Assert.That(text, Does.Contain("CONV_2D").And.Contain("SOFTMAX").And.Contain("bytes of flash").And.Contain("bytes of RAM"));

        using var json = JsonDocument.Parse(_pqs.Run("inspect", PqsTool.Model, "--json").Succeeded().Output);
        Assert.That(json.RootElement.GetProperty("layers").GetArrayLength(), Is.EqualTo(10));
        Assert.That(json.RootElement.GetProperty("arenaBytes").GetInt32(), Is.AtLeast(json.RootElement.GetProperty("arenaLowerBound").GetInt32()));
    }

    [Test]
    public void Targets_are_listed()
    {
        Assert.That(_pqs.Run("targets").Succeeded().Output, Does.Contain("cortex-m4").And.Contain("host"));

        using var json = JsonDocument.Parse(_pqs.Run("targets", "--json").Succeeded().Output);
        Assert.That(json.RootElement.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("name").GetString()), Does.Contain("cortex-m55"));
    }

    [Test]
    public void Run_prints_and_writes_the_outputs()
    {
        File.WriteAllBytes(_pqs.At("two.bin"), new byte[256]);
        Assert.That(_pqs.Run("run", PqsTool.Model, "--inputs", "two.bin", "--output", "out/results.bin").Succeeded().Output.Split('\n'), Has.Length.EqualTo(3));
        var written = File.ReadAllBytes(_pqs.At("out", "results.bin"));

        using var json = JsonDocument.Parse(_pqs.Run("run", PqsTool.Model, "--inputs", "two.bin", "--json", "--layers", "layers").Succeeded().Output);
        var outputs = json.RootElement.GetProperty("outputs").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => (byte)value.GetSByte());
        Assert.That(outputs, Is.EqualTo(written));
        Assert.That(Directory.EnumerateFiles(_pqs.At("layers")).Count(), Is.EqualTo(20));
    }

    [Test]
    public void Generate_prints_what_it_wrote()
    {
        var lines = _pqs.Run("generate", PqsTool.Model, "--target", "cortex-m4", "--output", "out", "--package", "cmake").Succeeded().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var files = Directory.EnumerateFiles(_pqs.At("out")).Select(file => Path.Combine("out", Path.GetFileName(file)));
        Assert.That(lines[..^1], Is.EquivalentTo(files));
        Assert.That(lines[^1], Does.StartWith("model: "));
        using var manifest = JsonDocument.Parse(File.ReadAllText(_pqs.At("out", "model.json")));
        Assert.That(manifest.RootElement.GetProperty("target").GetString(), Is.EqualTo("cortex-m4"));
    }

    [Test]
    public void Verify_succeeds_with_a_table_and_a_report()
    {
        Tools.Require("gcc", "clang-16");
        var text = _pqs.Run("verify", PqsTool.Model, "--targets", "host", "--junit", "report.xml", "--work", "work").Succeeded().Output;

        Assert.That(text, Does.Contain("2 of 2 builds identical").And.Contain("8 samples"));
        var report = System.Xml.Linq.XDocument.Load(_pqs.At("report.xml")).Root!;
        Assert.That((report.Attribute("tests")!.Value, report.Attribute("failures")!.Value, report.Attribute("errors")!.Value), Is.EqualTo(("2", "0", "0")));
        Assert.That(_pqs.At("work"), Does.Exist);
    }

    /// <summary>A check that cannot be made is no success.</summary>
    [Test]
    public void Verify_without_a_compiler_is_1()
    {
        var result = PqsTool.RunIn(
            _pqs.Folder, [("PATH", "/nonexistent")], ["verify", PqsTool.Model, "--targets", "host,cortex-m4", "--json", "--junit", "report.xml"]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("PQS0520").And.Contain("gcc-arm-none-eabi"));
        using var json = JsonDocument.Parse(result.Output);
        Assert.That(json.RootElement.GetProperty("identical").GetBoolean(), Is.False);
        Assert.That(json.RootElement.GetProperty("builds").EnumerateArray().Select(build => build.GetProperty("verdict").GetString()), Is.All.EqualTo("failed"));
        Assert.That(System.Xml.Linq.XDocument.Load(_pqs.At("report.xml")).Root!.Attribute("errors")!.Value, Is.EqualTo("3"));
    }

    private static TestCaseData Refusal(string id, params ImmutableArray<string> arguments) =>
        new TestCaseData(id, arguments).SetArgDisplayNames(string.Join(' ', arguments));

    private static TestCaseData Case(params ImmutableArray<string> arguments) => new TestCaseData(arguments).SetArgDisplayNames(string.Join(' ', arguments));
}
