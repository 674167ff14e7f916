using NUnit.Framework;

namespace Pqs.Tests.Commands;

/// <summary>The options that ask for accumulators, and the checks that build on them, as users run them.</summary>
internal sealed class AccumulatorCommandTests
{
    [Test]
    public void A_manifest_follows_from_its_model_and_no_other()
    {
        using var tool = new PqsTool();
        Assert.That(tool.Run("generate", PqsTool.Model, "-t", "cortex-m4", "-o", "out", "--schedule", "sorted", "--accumulator-bits", "14").ExitCode, Is.Zero);
        var manifest = tool.At("out", "model.json");
        Assert.That(tool.Run("inspect", PqsTool.Model, "--check", manifest).ExitCode, Is.Zero);

        var text = File.ReadAllText(manifest);
        File.WriteAllText(manifest, text.Replace("\"sorted\"", "\"natural\"", StringComparison.Ordinal));
        var changed = tool.Run("inspect", PqsTool.Model, "--check", manifest);
        Assert.Multiple(() =>
        {
            Assert.That(changed.ExitCode, Is.EqualTo(1));
            Assert.That(changed.Error, Does.Contain("PQS0412").And.Contain("layers["));
        });

        foreach (var damaged in (string[])["", "[]", "{}", "{\"layers\": 3}", text[..^100], text.Replace("\"layers\"", "\"layer\"", StringComparison.Ordinal)])
        {
            File.WriteAllText(manifest, damaged);
            var result = tool.Run("inspect", PqsTool.Model, "--check", manifest);
            Assert.That((result.ExitCode, result.Error.Contains("PQS0411", StringComparison.Ordinal)), Is.EqualTo((1, true)), damaged);
        }
    }

    [TestCase("unproven", "8", 1)]
    [TestCase("unproven", "32", 0)]
    [TestCase("persistent", "8", 1)]
    [TestCase("persistent", "32", 0)]
    public void A_build_fails_on_accumulators_that_are_not_safe(string failOn, string bits, int exitCode)
    {
        using var tool = new PqsTool();
        Assert.That(tool.Run("inspect", PqsTool.Model, "--accumulator-bits", bits, "--fail-on", failOn).ExitCode, Is.EqualTo(exitCode));
        var generated = tool.Run("generate", PqsTool.Model, "-t", "host", "-o", "out", "--accumulator-bits", bits, "--fail-on", failOn);
        Assert.That((generated.ExitCode != 0, Directory.Exists(tool.At("out"))), Is.EqualTo((exitCode != 0, exitCode == 0)));
    }

    [TestCase("--accumulator-bits", "7")]
    [TestCase("--accumulator-bits", "33")]
    [TestCase("--accumulator-bits", "many")]
    [TestCase("--schedule", "random")]
    [TestCase("--layer", "natural")]
    [TestCase("--layer", "*=")]
    [TestCase("--layer", "*=16/random")]
    public void Requests_that_make_no_sense_are_refused(string option, string value)
    {
        using var tool = new PqsTool();
        var result = tool.Run("inspect", PqsTool.Model, option, value);
        Assert.That((result.ExitCode, result.Error.Contains("PQS0408", StringComparison.Ordinal)), Is.EqualTo((3, true)), result.Error);
    }

    [TestCase("100..-128")]
    [TestCase("-129..0")]
    [TestCase("0..128")]
    [TestCase("5")]
    [TestCase("1..2..3")]
    [TestCase("a..b")]
    public void Input_ranges_that_make_no_sense_are_refused(string value)
    {
        using var tool = new PqsTool();
        var result = tool.Run("inspect", PqsTool.Model, "--input-range", value);
        Assert.That((result.ExitCode, result.Error.Contains("PQS0413", StringComparison.Ordinal)), Is.EqualTo((3, true)), result.Error);
    }

    [Test]
    public void A_declared_range_is_promised_proven_with_and_kept()
    {
        Tools.Require("gcc");
        using var tool = new PqsTool();
        string[] range = ["--input-range", "-128..-120", "--accumulator-bits", "12"];
        Assert.That(tool.Run(["generate", PqsTool.Model, "-t", "host", "-o", "out", .. range]).ExitCode, Is.Zero);
        var manifest = tool.At("out", "model.json");
        var text = File.ReadAllText(manifest);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(tool.At("out", "model.h")), Does.Contain("MODEL_INPUT_0_MINIMUM (-128)").And.Contain("MODEL_INPUT_0_MAXIMUM (-120)"));
            Assert.That(tool.Run("inspect", PqsTool.Model, "--check", manifest).ExitCode, Is.Zero);
        });

        // What is proven with the promise does not follow from a weaker one.
        File.WriteAllText(manifest, text.Replace("-120", "127", StringComparison.Ordinal));
        Assert.That(tool.Run("inspect", PqsTool.Model, "--check", manifest).ExitCode, Is.EqualTo(1));
        foreach (var damaged in (string[])["[]", "[1]", "[2,1]", "[1.5,3]", "\"1\"", "[-1,128]"])
        {
            File.WriteAllText(manifest, System.Text.RegularExpressions.Regex.Replace(text, "\"range\": \\[[^]]*\\]", $"\"range\": {damaged}"));
            Assert.That(tool.Run("inspect", PqsTool.Model, "--check", manifest).ExitCode, Is.EqualTo(1), damaged);
        }

        Assert.That(tool.Run(["verify", PqsTool.Model, "-t", "host", .. range]).ExitCode, Is.Zero);
        var size = int.Parse(
            System.Text.RegularExpressions.Regex.Match(File.ReadAllText(tool.At("out", "model.h")), "INPUT_0_SIZE ([0-9]+)").Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture);
        File.WriteAllBytes(tool.At("samples.bin"), [.. Enumerable.Repeat(unchecked((byte)-125), size), .. Enumerable.Repeat((byte)3, size)]);
        var refused = tool.Run(["run", PqsTool.Model, "--inputs", tool.At("samples.bin"), .. range]);
        Assert.That(refused.Error, Does.Contain("PQS0324: sample 1 has 3 at element 0, but the input is declared to hold -128 to -120"));
    }

    [Test]
    public void Schedules_are_compared_on_chips()
    {
        Tools.Require("arm-none-eabi-gcc", "qemu-system-arm");
        using var tool = new PqsTool();
        foreach (var schedule in (string[])["alternating", "sorted:rounds=1,tile=8"])
        {
            var result = tool.Run("profile", PqsTool.Model, "-t", "cortex-m0,cortex-m4", "--schedule", schedule, "--against", "wide", "--accumulator-bits", "12");
            Assert.That((result.ExitCode, result.Output.Contains("identical to the reference", StringComparison.Ordinal)), Is.EqualTo((0, true)), result.Error);
        }
    }
}
